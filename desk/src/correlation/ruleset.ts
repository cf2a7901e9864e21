import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { z } from 'zod'
import { DeskError, record, type Tx } from '../activity/index.ts'
import { Patience } from '../alert/index.ts'
import { INSTALLATION } from '../services/index.ts'

const id = z.uuid().nullable()
const grade = z.enum(['high', 'medium', 'low']).nullable()
const minutes = z.int().min(1).max(10_080)

/** One rule; the first whose condition holds decides. */
export const Rule = z.strictObject({
  /** Stays the same over versions, whatever the rule is called. */
  id: z.uuid(),
  name: z.string().trim().min(1).max(120),
  enabled: z.boolean(),
  /** CEL over an event: true where the rule decides. */
  when: z.string().min(1).max(2_000),
  /** Alerts that are equal in these are one ticket's: `service`, `labels.alertname`, `integration`, … */
  group_by: z.array(z.string().regex(/^[a-z_]+(\.[\w./:-]{1,100})?$/)).max(8),
  /** An alert joins while the last one came less than this before; null: while the ticket is open. */
  window_minutes: minutes.nullable(),
  opens: z.enum(['incident', 'request', 'change_event', 'nothing']),
  /** A person confirms before anything is opened. */
  confirm: z.boolean(),
  /** null: from the severity. */
  impact: grade,
  urgency: grade,
  /** null: from the alert's service, else the integration's. */
  service_id: id,
  team_id: id,
  escalation_policy_id: id,
  resolve_on: z.enum(['first', 'last', 'all', 'never']),
  /** Beyond so many tickets in an hour, the rule's last one gathers the rest. None: no limit of its own. */
  most_per_hour: z.int().min(1).max(10_000).nullish(),
  /** null: the integration's. */
  patience: Patience.nullable(),
})
export type Rule = z.infer<typeof Rule>

/** What is asked beside the rules, above any of them. */
export const Beside = z.strictObject({
  /** The same configuration item, seen by another monitoring system. */
  same_ci: z.strictObject({ on: z.boolean(), window_minutes: minutes }),
  /** What something depends on has failed: its alerts are symptoms. */
  service_map: z.strictObject({ on: z.boolean(), window_minutes: minutes }),
  /** Beyond so many tickets opened in so long, one gathers the rest. */
  storm: z.strictObject({ on: z.boolean(), openings: z.int().min(2).max(10_000), window_minutes: minutes }),
})

export const RulesetBody = z.strictObject({
  rules: z
    .array(Rule)
    .max(500)
    .refine((rules) => new Set(rules.map((rule) => rule.id)).size === rules.length, {
      message: 'each rule needs an id of its own',
    }),
  beside: Beside,
})
export type RulesetBody = z.infer<typeof RulesetBody>

export interface Ruleset extends RulesetBody {
  version: number
}

/** What holds until somebody publishes rules: version 1. */
export const NO_RULES: Ruleset = {
  version: 1,
  rules: [],
  beside: {
    same_ci: { on: true, window_minutes: 15 },
    service_map: { on: true, window_minutes: 15 },
    storm: { on: false, openings: 20, window_minutes: 5 },
  },
}

/** The rules in force now, or of one version. */
export async function readRuleset(db: Db | Transaction<Tables>, version?: number): Promise<Ruleset> {
  if (version === NO_RULES.version) return NO_RULES
  const row = await db
    .selectFrom('ruleset')
    .select(['version', 'body'])
    .$if(version !== undefined, (query) => query.where('version', '=', version!))
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row && version !== undefined)
    throw new DeskError('not_found', 'There is no such version of the rules.')
  return row ? { ...(row.body as RulesetBody), version: row.version } : NO_RULES
}

/**
 * Publishes rules as the next version, in force from now on. `base` is the version they were written from:
 * where somebody else has published meanwhile, it is a conflict and nothing is lost. Expressions are checked
 * by the caller's compile.
 */
export async function publishRuleset(
  tx: Tx,
  { base, note, ...body }: RulesetBody & { base: number; note?: string },
): Promise<number> {
  const version = base + 1
  const author = tx.actor.kind === 'person' ? tx.actor.id : null
  const { rows } = await sql`
    insert into ruleset (version, body, note, author_id, effective_from, created_at)
    select ${version}, ${JSON.stringify(body)}::jsonb, ${note ?? null}, ${author}, ${tx.now}, ${tx.now}
    where (select coalesce(max(version), ${NO_RULES.version}) from ruleset) = ${base}
    on conflict do nothing returning version`.execute(tx.db)
  if (rows.length === 0)
    throw new DeskError(
      'conflict',
      'Somebody else has published rules meanwhile. Yours are not lost: look at theirs first.',
      { current: await readRuleset(tx.db) },
    )
  await record(tx, [
    {
      verb: 'publish',
      subject: INSTALLATION,
      before: { ruleset: base },
      after: { ruleset: version, rules: body.rules.length },
      visibility: 'audit',
    },
  ])
  return version
}
