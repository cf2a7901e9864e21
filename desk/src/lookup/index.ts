export { MOST_ROWS, readTable, type Table } from './csv.ts'
export { archiveLookup, createLookup, replaceLookup } from './keep.ts'
export { enrichEvents, type Lookup, LOOKUPS } from './enrich.ts'
