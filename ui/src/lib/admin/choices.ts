import type { Named } from '#lib/api/types.ts'
import { labelText } from '#lib/text/label.ts'

/** Named things as the options of a select. */
export const choicesOf = (things: readonly Named[]): { value: string; label: string }[] =>
  things.map(({ id, name }) => ({ value: id, label: labelText(name) }))
