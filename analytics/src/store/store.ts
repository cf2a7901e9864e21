import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type ClickHouseClient, type ClickHouseSettings, createClient } from '@clickhouse/client'
import { z } from 'zod'

/** A question to ClickHouse: its text, its typed parameters, and the shape of its rows. */
export interface StoreQuery<Row extends z.ZodType> {
  /** Shown in ClickHouse's own log of queries. */
  name: string
  text: string
  params?: Record<string, unknown>
  row: Row
}

/** One connection to ClickHouse. Statements of one connection run one after another. */
export interface Store {
  ask: <Row extends z.ZodType>(query: StoreQuery<Row>) => Promise<z.output<Row>[]>
  run: (text: string) => Promise<void>
  insert: (table: string, rows: Record<string, unknown>[]) => Promise<void>
  ping: () => Promise<void>
  close: () => Promise<void>
}

/** Whole numbers come as text, so that none loses digits on the way. */
export const whole = z.coerce.number()

const SETTINGS: ClickHouseSettings = {
  // A row's partition never changes, so each partition is final by itself.
  do_not_merge_across_partitions_select_final: 1,
  output_format_json_quote_64bit_integers: 1,
  date_time_input_format: 'best_effort',
  // A batch may touch tickets of many years.
  max_partitions_per_insert_block: '0',
}

/** Opens the store in `folder`, or the server at `url`. Each call is a connection of its own. */
export function openStore(place: { url?: string; folder: string }): Store {
  const client = place.url
    ? createClient({ url: place.url, request_timeout: 30_000, max_open_connections: 4 })
    : openEmbedded(place.folder)
  return {
    ask: async ({ name, text, params, row }) => {
      const answer = await client.query({
        query: text,
        query_params: params,
        format: 'JSONEachRow',
        clickhouse_settings: { ...SETTINGS, log_comment: name },
      })
      return z.array(row).parse(await answer.json())
    },
    run: async (text) => {
      await client.command({ query: text, clickhouse_settings: SETTINGS })
    },
    insert: async (table, values) => {
      if (values.length > 0)
        await client.insert({ table, values, format: 'JSONEachRow', clickhouse_settings: SETTINGS })
    },
    ping: async () => {
      await client.query({ query: 'select 1', format: 'JSONEachRow' }).then((answer) => answer.json())
    },
    close: () => client.close(),
  }
}

function openEmbedded(folder: string): ClickHouseClient {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // Loaded only here: the engine is half a gigabyte that an installation with a server does without.
  const chdb: typeof import('chdb/connection') = createRequire(import.meta.url)('chdb/connection')
  // chdb is typed against the next older release of the client's common part.
  type Options = NonNullable<Parameters<typeof createClient>[0]>
  return createClient({ connection: chdb.createChdbConnection({ path: folder }) } as unknown as Options)
}
