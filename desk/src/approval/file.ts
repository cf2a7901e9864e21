import type { Tx } from '../activity/index.ts'
import { type FileInput, fileItem, findItem } from '../catalogue/index.ts'
import type { OpenedTicket } from '../ticket/index.ts'
import { askOfItem } from './ask.ts'

/** Files an item, and asks for the approvals that it needs. */
export async function fileForApproval(tx: Tx, input: FileInput): Promise<OpenedTicket> {
  const { approvals } = await findItem(tx.db, input.key)
  const filed = await fileItem(tx, input)
  await askOfItem(tx, { id: filed.id, approvals })
  return filed
}
