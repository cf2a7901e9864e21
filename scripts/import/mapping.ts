import { existsSync, readFileSync } from 'node:fs'
import { type Begun, DeskError, ImportMapping, READY_MAPPINGS } from '@tocsin/desk'
import { z } from 'zod'
import { Told } from './failure.ts'

/** The mapping of this name, or of this file. Throws what is told of one that is none. */
export function readMapping(given: string): ImportMapping {
  const ready = READY_MAPPINGS[given]
  if (ready) return ready
  if (!existsSync(given))
    throw new Told(
      `${given} is neither a file nor a ready mapping; there are: ${Object.keys(READY_MAPPINGS).join(', ')}.`,
    )
  try {
    return ImportMapping.parse(JSON.parse(readFileSync(given, 'utf8').replace(/^\uFEFF/, '')))
  } catch (error) {
    if (error instanceof z.ZodError)
      throw new Told(`${given} is no mapping:\n${z.prettifyError(error)}`, { cause: error })
    if (error instanceof SyntaxError)
      throw new Told(`${given} is not JSON: ${error.message}`, { cause: error })
    throw error
  }
}

export interface Said {
  zone?: string
  order?: 'day-first' | 'month-first'
}

/** The mapping that was given, else the one that the columns suggest, with what was said besides. */
export function mappingFor(
  columns: string[],
  given: ImportMapping | undefined,
  said: Said,
  begun?: Begun,
): ImportMapping {
  // One date for all is for a person to choose, who sees what would become of it.
  const dated = begun?.guess && !isDateForAll(begun.guess) ? begun.guess : undefined
  const mapping = given ?? dated
  if (!mapping)
    throw new DeskError('invalid', 'No mapping fits these columns. Write one: docs/import.md says how.', {
      errors: columns.map((column, place) => ({ path: `column ${place + 1}`, message: column })),
    })
  if (!given) console.log(`Mapping: ${begun?.suggested ?? 'by the names of the columns'}`)
  const whole = {
    ...mapping,
    ...(said.zone && { zone: said.zone }),
    ...(said.order && { dates: said.order }),
  }
  const read = ImportMapping.safeParse(whole)
  if (!read.success) throw new Told(z.prettifyError(read.error))
  return read.data
}

const isDateForAll = ({ created_at }: ImportMapping) =>
  typeof created_at === 'object' && 'value' in created_at
