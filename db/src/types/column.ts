import type { ColumnType } from 'kysely'

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
/** jsonb: read as parsed values, written as a JSON string, because pg sends bare arrays as Postgres arrays. */
export type Jsonb = ColumnType<Json, string, string>
export type JsonbOrNull = ColumnType<Json | null, string | null | undefined, string | null>
export type DefaultJsonb = ColumnType<Json, string | undefined, string>
