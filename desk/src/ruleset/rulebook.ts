import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { DeskError, record, type Tx } from '../activity/index.ts'
import { INSTALLATION } from '../services/index.ts'

/** Rules in their order: the first whose condition holds decides. */
export interface RuleList {
  rules: readonly unknown[]
}

export interface RulesetVersion {
  version: number
  note: string | null
  author: { id: string; name: string } | null
  /** null: what held before anybody published. */
  published_at: Date | null
  rules: number
}

export type Reads = Db | Transaction<Tables>

/** What holds until somebody publishes is version 1, and stands in no table. */
const FIRST = 1

/**
 * Rules of one kind, kept as immutable versions, so that every decision can be replayed by the version then in force.
 * `table` is where they lie and what lines of the record call them.
 */
export class Rulebook<Body extends RuleList> {
  readonly first: Body & { version: number }
  readonly #table: 'ruleset' | 'routing_ruleset' | 'automation_ruleset'

  constructor(table: 'ruleset' | 'routing_ruleset' | 'automation_ruleset', first: Body) {
    this.#table = table
    this.first = { ...first, version: FIRST }
  }

  /** The number of the version in force. */
  async newest(db: Reads): Promise<number> {
    const { rows } = await sql<{ version: number }>`
      select coalesce(max(version), ${FIRST}) as version from ${sql.table(this.#table)}`.execute(db)
    return rows[0]!.version
  }

  /** The rules in force now, or of one version. */
  async read(db: Reads, version?: number): Promise<Body & { version: number }> {
    if (version === FIRST) return this.first
    const { rows } = await sql<{ version: number; body: Body }>`
      select version, body from ${sql.table(this.#table)}
      where ${version === undefined ? sql`true` : sql`version = ${version}`} order by version desc limit 1`.execute(
      db,
    )
    if (rows[0]) return { ...rows[0].body, version: rows[0].version }
    if (version !== undefined) throw new DeskError('not_found', 'There is no such version of the rules.')
    return this.first
  }

  /**
   * Publishes rules as the next version, in force from now on. `base` is the version they were written from:
   * where somebody else has published meanwhile, it is a conflict and nothing is lost. The caller has checked
   * that they can be used.
   */
  async publish(tx: Tx, { base, note, body }: { base: number; note?: string; body: Body }): Promise<number> {
    const version = base + 1
    const author = tx.actor.kind === 'person' ? tx.actor.id : null
    const { rows } = await sql`
      insert into ${sql.table(this.#table)} (version, body, note, author_id, effective_from, created_at)
      select ${version}, ${JSON.stringify(body)}::jsonb, ${note ?? null}, ${author}, ${tx.now}, ${tx.now}
      where (select coalesce(max(version), ${FIRST}) from ${sql.table(this.#table)}) = ${base}
      on conflict do nothing returning version`.execute(tx.db)
    if (rows.length === 0)
      throw new DeskError(
        'conflict',
        'Somebody else has published rules meanwhile. Yours are not lost: look at theirs first.',
        { current: await this.read(tx.db) },
      )
    await record(tx, [
      {
        verb: 'publish',
        subject: INSTALLATION,
        before: { [this.#table]: base },
        after: { [this.#table]: version, rules: body.rules.length },
        visibility: 'audit',
      },
    ])
    return version
  }

  /** Who published which rules and why, the newest first; below `before` where given. */
  async versions(db: Db, { before, limit }: { before?: number; limit: number }): Promise<RulesetVersion[]> {
    const { rows } = await sql<RulesetVersion>`
      select r.version, r.note, jsonb_array_length(r.body -> 'rules') as rules, r.effective_from as published_at,
             case when p.id is not null then jsonb_build_object('id', p.id, 'name', p.name) end as author
      from ${sql.table(this.#table)} r left join person p on p.id = r.author_id
      where ${before === undefined ? sql`true` : sql`r.version < ${before}`}
      order by r.version desc limit ${limit}`.execute(db)
    const rules = this.first.rules.length
    const first = { version: FIRST, note: null, author: null, published_at: null, rules }
    const reachesFirst = rows.length < limit && (before === undefined || before > FIRST)
    return reachesFirst ? [...rows, first] : rows
  }

  /** The rules of a version with who published them. */
  async published(db: Db, version?: number) {
    const set = await this.read(db, version)
    const [about] = await this.versions(db, { before: set.version + 1, limit: 1 })
    const { note, author, published_at } = about!
    return { ...set, note, author, published_at }
  }
}
