import type { FoundForm } from './date-evidence.ts'
import type { Encoding } from './decode.ts'

export { compilePattern, ofUtc, type ReadWall } from './date-pattern.ts'
export { DateEvidence, type DateForms, formsOf, type FoundForm } from './date-evidence.ts'
export { offsetOf, plainTime, withoutOffset } from './date-shape.ts'
export { unusable } from './decode.ts'
export { openFile } from './open.ts'
export { type CsvRow, MOST_CELL } from './rows.ts'

/** What a file showed when it was read. */
export interface FileForm {
  encoding: Encoding
  delimiter: string
  header: boolean
  dates: FoundForm[]
}
