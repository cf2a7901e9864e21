import type { Impact, Priority, Severity } from '@tocsin/db'
import { record, type Tx } from '../activity/index.ts'

/** Sets what an impact and an urgency make together. Open tickets keep their priority until somebody edits them. */
export async function setPriority(
  tx: Tx,
  cell: { impact: Impact; urgency: Impact; priority: Priority },
): Promise<void> {
  const before = await tx.db
    .selectFrom('priority_matrix')
    .select('priority')
    .where('impact', '=', cell.impact)
    .where('urgency', '=', cell.urgency)
    .forUpdate()
    .executeTakeFirstOrThrow()
  if (before.priority === cell.priority) return
  await tx.db
    .updateTable('priority_matrix')
    .set({ priority: cell.priority })
    .where('impact', '=', cell.impact)
    .where('urgency', '=', cell.urgency)
    .execute()
  await record(tx, [
    {
      verb: 'set-priority',
      subject: INSTALLATION,
      before: { ...cell, priority: before.priority },
      after: { ...cell },
      visibility: 'audit',
    },
  ])
}

/** Sets which impact and urgency an incident gets from the severity of the alert that opens it. */
export async function setSeverity(
  tx: Tx,
  row: { severity: Severity; impact: Impact; urgency: Impact },
): Promise<void> {
  await tx.db
    .updateTable('severity_mapping')
    .set({ impact: row.impact, urgency: row.urgency })
    .where('severity', '=', row.severity)
    .execute()
  await record(tx, [{ verb: 'set-severity', subject: INSTALLATION, after: { ...row }, visibility: 'audit' }])
}

/** What the line is about when it is about the whole installation. */
export const INSTALLATION = { kind: 'installation', id: '00000000-0000-0000-0000-000000000000' }
