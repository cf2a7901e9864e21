import { stringify } from 'csv-stringify/sync'
import type { Context } from 'hono'
import type { Env } from '../../context.ts'

type Rows = Record<string, unknown>[]

/** A file as a spreadsheet reads it. */
export const csvFile = (c: Context<Env>, name: string, columns: string[], rows: Rows) =>
  c.body(csvText(columns, rows), 200, headersOf(name))

/** The same where it is long, as it comes. */
export const csvStream = (c: Context<Env>, name: string, text: AsyncIterable<string>) =>
  c.body(ReadableStream.from(text).pipeThrough(new TextEncoderStream()), 200, headersOf(name))

/** Begins with a byte order mark and the columns, and has no cell that a spreadsheet would run. */
export const csvText = (columns: string[], rows: Rows, begins = true): string =>
  stringify(rows, { header: begins, columns, bom: begins, escape_formulas: true, cast: { date: iso } })

const headersOf = (name: string) => ({
  'content-type': 'text/csv; charset=utf-8',
  'content-disposition': `attachment; filename="${name}.csv"`,
})

const iso = (at: Date) => at.toISOString()

/** The ticket's part of a row. */
export const TICKET_COLUMNS = ['number', 'title', 'priority', 'team', 'assignee']
export const ticketCells = (ticket: {
  number: string
  title: string
  priority: string
  team: { name: string } | null
  assignee: { name: string } | null
}) => ({ ...ticket, team: ticket.team?.name, assignee: ticket.assignee?.name })
