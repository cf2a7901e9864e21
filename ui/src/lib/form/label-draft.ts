import type { Label } from '#lib/text/label.ts'

/** A label while it is edited: every language is a text, empty where there is none. */
export interface LabelDraft {
  en: string
  fr: string
  it: string
}

export const labelDraft = (label?: Label | null): LabelDraft =>
  typeof label === 'string'
    ? { en: label, fr: '', it: '' }
    : { en: label?.en ?? '', fr: label?.fr ?? '', it: label?.it ?? '' }

/** What the API takes: languages that were left empty are left out. */
export const labelInput = ({ en, fr, it }: LabelDraft) => ({ en, ...(fr && { fr }), ...(it && { it }) })
