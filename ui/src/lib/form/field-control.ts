/** What a field hands to its control: spread it on the input. */
export interface FieldControl {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': 'true' | undefined
  class: string
}
