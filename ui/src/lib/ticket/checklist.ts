import type { Ref } from '#lib/api/types.ts'

/** One point of what is to be done on a ticket. */
export interface ChecklistPoint {
  id: string
  text: string
  required: boolean
  done_at: string | null
  done_by: Ref | null
  revision: number
}

export interface ChecklistTemplate {
  id: string
  name: string
  points: { text: string; required: boolean }[]
  category_ids: string[]
  /** Keys of items of the catalogue. */
  items: string[]
  archived: boolean
  revision: number
}

/** Points as lines of text; those that must be done first begin with an exclamation mark. */
export const linesOf = (points: ChecklistTemplate['points']): string =>
  points.map(({ text, required }) => (required ? `! ${text}` : text)).join('\n')

export const pointsOf = (lines: string): ChecklistTemplate['points'] =>
  lines.split('\n').flatMap((line) => {
    const required = line.trimStart().startsWith('!')
    const text = line.trim().replace(/^!\s*/, '')
    return text ? [{ text, required }] : []
  })
