/** What a condition gave over what is on record. */
export interface Checked {
  /** Why it cannot be used at all. */
  error: string | null
  words: string
  examples: { key: string; title: string; holds: boolean }[]
}
