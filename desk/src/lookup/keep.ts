import { sql } from 'kysely'
import { DeskError, found, record, type Tx } from '../activity/index.ts'
import type { Table } from './csv.ts'

const FIELD = /^(host|resource|service|dedup_key|labels\.[\w.:/-]{1,100})$/

/** A table that is looked up by a field of each event. `conflict` where its name is taken. */
export async function createLookup(
  tx: Tx,
  { name, field, table }: { name: string; field: string; table: Table },
): Promise<{ id: string }> {
  if (!FIELD.test(field))
    throw new DeskError('invalid', 'The field is not one that an event has.', {
      errors: [{ path: 'field', message: 'host, resource, service, dedup_key or labels.<name>' }],
    })
  const { rows } = await sql<{ id: string }>`
    insert into lookup (name, field, created_at) values (${name}, ${field}, ${tx.now})
    on conflict (lower(name)) where archived_at is null do nothing returning id`.execute(tx.db)
  const id = rows[0]?.id
  if (!id) throw new DeskError('conflict', `There is a look-up “${name}” already.`)
  await keepVersion(tx, id, 1, table)
  await tell(tx, 'create', id, { field, version: 1, rows: table.rows.length })
  return { id }
}

/** A new file takes the place of the one before, for what arrives from now on. */
export async function replaceLookup(tx: Tx, id: string, table: Table): Promise<{ version: number }> {
  const { rows } = await sql<{ version: number }>`
    select version from lookup where id = ${id} and archived_at is null for update`.execute(tx.db)
  const version = found(rows[0], 'look-up').version + 1
  await keepVersion(tx, id, version, table)
  await sql`update lookup set version = ${version} where id = ${id}`.execute(tx.db)
  await tell(tx, 'edit', id, { version, rows: table.rows.length })
  return { version }
}

export async function archiveLookup(tx: Tx, id: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    update lookup set archived_at = ${tx.now} where id = ${id} and archived_at is null returning id`.execute(
    tx.db,
  )
  found(rows[0], 'look-up')
  await tell(tx, 'archive', id)
}

async function keepVersion(tx: Tx, id: string, version: number, table: Table): Promise<void> {
  const author = tx.actor.kind === 'person' ? tx.actor.id : null
  await sql`
    insert into lookup_version (lookup_id, version, key_column, columns, rows, author_id, created_at)
    values (${id}, ${version}, ${table.keyColumn}, ${table.columns}, ${table.rows.length}, ${author}, ${tx.now})`.execute(
    tx.db,
  )
  await sql`
    insert into lookup_row (lookup_id, version, value, labels)
    select ${id}, ${version}, value, labels
    from jsonb_to_recordset(${JSON.stringify(table.rows)}::jsonb) as r(value text, labels jsonb)`.execute(
    tx.db,
  )
}

const tell = (tx: Tx, verb: string, id: string, after?: Record<string, unknown>) =>
  record(tx, [{ verb, subject: { kind: 'lookup', id }, ...(after && { after }), visibility: 'audit' }])
