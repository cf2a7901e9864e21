import { compileMapping, type Event, type Mapping, type Unreadable, type WrongField } from '@tocsin/desk'
import { isFields } from './adapters/adapter.ts'
import { type Failure, opened, readBody } from './adapters/webhook.ts'
import { guess, guessedMapping, listAlong, listIn } from './adapters/webhook-guess.ts'
import { decodeBody } from './decode.ts'
import { Malformed } from './parse.ts'
import { circumstancesOf } from './place.ts'

export interface Preview {
  /** As expressions see it; absent where it cannot be read at all. */
  body?: unknown
  /** Why not. */
  refused: string | null
  /** What was read with: the one given, else the guess for this body. */
  mapping: Mapping | null
  events: (Event & { position: number })[]
  unreadable: (Omit<Unreadable, 'kind'> & { position: number })[]
  /** Expressions that cannot be used, and those that could do nothing here. */
  errors: (WrongField & { position: number | null })[]
}

/** What a mapping makes of a body, expression by expression, touching nothing; null: what the names let guess. */
export async function previewMapping(
  given: Mapping | null,
  { bytes, headers, receivedAt }: { bytes: Buffer; headers: Record<string, string>; receivedAt: Date },
): Promise<Preview> {
  const nothing = { mapping: given, events: [], unreadable: [], errors: [] }
  try {
    const { payload } = await decodeBody(bytes, headers['content-type'])
    const body = opened(payload)
    const circumstances = circumstancesOf({ path: '', query: {} }, { headers, receivedAt, mapping: given })
    const reads = readBody(payload, circumstances)
    const failures: Failure[] = reads.flatMap(({ failures: of }, position) =>
      of.map((failure) => ({ ...failure, position })),
    )
    const wrong = given ? compileMapping(given).errors : []
    return {
      body,
      refused: null,
      mapping: given ?? guessFor(body),
      events: reads.flatMap(({ event }, position) =>
        event.kind === 'unreadable' ? [] : [{ ...event, position }],
      ),
      unreadable: reads.flatMap(({ event }, position) =>
        event.kind === 'unreadable' ? [{ element: event.element, reason: event.reason, position }] : [],
      ),
      errors: [...wrong.map((error) => ({ ...error, position: null })), ...failures],
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    return { ...nothing, refused: error.message }
  }
}

function guessFor(body: unknown): Mapping {
  const list = listIn(body)
  const [first] = [listAlong(body, list)].flat()
  return guessedMapping(list, guess(isFields(first) ? first : {}))
}
