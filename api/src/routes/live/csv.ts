import { stringify } from 'csv-stringify/sync'
import type { Context } from 'hono'
import type { Env } from '../../context.ts'

/** A file as a spreadsheet reads it: a byte order mark, and no cell that a spreadsheet would run. */
export function csvFile(c: Context<Env>, name: string, columns: string[], rows: Record<string, unknown>[]) {
  const text = stringify(rows, {
    header: true,
    columns,
    bom: true,
    escape_formulas: true,
    cast: { date: iso },
  })
  return c.body(text, 200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}.csv"`,
  })
}

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
