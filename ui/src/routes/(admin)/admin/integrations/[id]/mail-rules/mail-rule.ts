import type { MailRule } from '#lib/admin/integration.ts'
import { m } from '#lib/paraglide/messages.js'

export type Means = MailRule['means']
export type RuleText = Exclude<keyof MailRule, 'means'>
export const TEXTS: readonly RuleText[] = ['from', 'subject', 'body', 'title', 'dedup_key', 'severity']

export interface MailPreview {
  items: {
    receipt_id: string
    received_at: string
    from: string
    subject: string
    text: string
    refused: string | null
    never_pages: string | null
    meaning: {
      means: Means
      title: string | null
      dedup_key: string
      severity: string | null
      rule: number | null
    } | null
  }[]
  errors: { path: string; message: string }[]
}

/** A rule as it is written in its form: an empty field says nothing. */
export interface Draft extends Record<RuleText, string> {
  id: number
  means: Means
}

let last = 0
export const draftOf = (rule: MailRule): Draft => ({
  id: ++last,
  means: rule.means,
  ...(Object.fromEntries(TEXTS.map((name) => [name, rule[name] ?? ''])) as Record<RuleText, string>),
})
export const ruleOf = ({ means, ...draft }: Draft): MailRule => ({
  means,
  ...Object.fromEntries(TEXTS.flatMap((name) => (draft[name].trim() === '' ? [] : [[name, draft[name]]]))),
})

const means: Record<Means, () => string> = {
  trigger: m.mail_means_trigger,
  acknowledge: m.mail_means_acknowledge,
  resolve: m.mail_means_resolve,
  ignore: m.mail_means_ignore,
}
export const meansWord = (one: Means): string => means[one]()
export const MEANS = Object.keys(means) as Means[]

const words: Record<RuleText, () => string> = {
  from: m.mail_rule_from,
  subject: m.mail_rule_subject,
  body: m.mail_rule_body,
  title: m.mail_rule_title,
  dedup_key: m.mail_rule_key,
  severity: m.mail_rule_severity,
}
export const textWord = (name: RuleText): string => words[name]()
