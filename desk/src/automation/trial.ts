import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { type ActivityRow, DeskError, record, SYSTEM, transact, type Tx } from '../activity/index.ts'
import { mayTrigger, TRIGGER_VERBS } from '../trigger/index.ts'
import { checkAutomation } from './check.ts'
import { type Decided, decideRules } from './decide.ts'
import type { Occasion } from './fire.ts'
import { inTurns } from './in-turns.ts'
import { pastQuiet } from './past-quiet.ts'
import { pastDates, pastSchedules } from './past-times.ts'
import { occasionsOf } from './read-feed.ts'
import { type AutomationBody, type AutomationRules, compileAutomation } from './rules.ts'

const SHARE = 1_000
const MOST_LISTED = 10_000
const MOST_DAYS = 92
const KEPT = 50

/** Asks what rules would have done in a period. They are all tried, those switched off too; nothing is touched. */
export async function askTrial(
  tx: Tx,
  { from, to, ...body }: AutomationBody & { from: Date; to: Date },
): Promise<string> {
  const wrong = (path: string, message: string) =>
    new DeskError('invalid', 'This period cannot be tried.', { errors: [{ path, message }] })
  if (to <= from) throw wrong('to', 'must lie after from')
  if (to.getTime() - from.getTime() > MOST_DAYS * 86_400_000) throw wrong('from', `${MOST_DAYS} days at most`)
  await checkAutomation(tx.db, body)
  const until = to > tx.now ? tx.now : to
  if (until <= from) throw wrong('from', 'lies in the future')
  const { rows } = await sql<{ id: string }>`
    insert into automation_trial (body, from_at, to_at, state, total, author_id, created_at)
    select ${JSON.stringify(body)}::jsonb, ${from}, ${until}, 'running', 0,
      ${tx.actor.kind === 'person' ? tx.actor.id : null}, ${tx.now}
    returning id`.execute(tx.db)
  const { id } = rows[0]!
  await sql`
    delete from automation_trial where id in (select id from automation_trial order by created_at desc offset ${KEPT})
      and state <> 'running'`.execute(tx.db)
  await record(tx, [
    {
      verb: 'try',
      subject: { kind: 'automation', id },
      after: { rules: body.rules.length },
      visibility: 'audit',
    },
  ])
  await sql`select pg_notify('due', 'trials')`.execute(tx.db)
  return id
}

/** Lines of a period on which something may start, over `activity a`. */
const lines = (from: Date, to: Date) =>
  sql`a.recorded_at >= ${from} and a.recorded_at < ${to} and a.verb = any(${[...TRIGGER_VERBS]}::text[])`

interface Running {
  id: string
  body: AutomationBody
  from_at: Date
  to_at: Date
  reached_id: string | null
  done: number
  counts: Record<string, TrialCount>
}

/** Of one rule; a schedule also has how often it would have come, and how many of these times were tried. */
export interface TrialCount {
  fired: number
  cut: number
  times?: number
  tried?: number
}

/** Takes a trial on by a share of its lines; another engine goes on where this one left it. */
export async function sweepTrials(db: Db): Promise<number> {
  let trial: Running | undefined
  try {
    return await transact(
      db,
      SYSTEM,
      async (tx) => (trial ? goOn(tx, trial) : 0),
      async (trx) => {
        const { rows } = await sql<Running>`
          select id, body, from_at, to_at, reached_id, done, counts from automation_trial
          where state = 'running' order by created_at limit 1 for update skip locked`.execute(trx)
        trial = rows[0]
      },
    )
  } catch (error) {
    // Nobody waits behind one that cannot go on.
    if (trial)
      await sql`
        update automation_trial set state = 'failed', ended_at = tocsin_now()
        where id = ${trial.id} and state = 'running'`.execute(db)
    throw error
  }
}

async function goOn(tx: Tx, trial: Running): Promise<number> {
  const rules = compileAutomation({
    version: 0,
    rules: trial.body.rules.map((rule) => ({ ...rule, enabled: true })),
  })
  const share = await readShare(tx.db, trial)
  const begins = trial.reached_id === null && trial.done === 0
  const total = begins ? await countLines(tx, trial) : null
  const waited = begins ? await pastWaits(tx, rules, trial) : []
  const news = (await occasionsOf(tx, rules, share.filter(mayTrigger))).map((one) => ({
    one: one as Occasion,
    at: share.find(({ id }) => id === one.activityId)!.at,
  }))
  await keepHits(tx, trial, rules, [...waited, ...news])
  const over = share.length < SHARE
  await sql`
    update automation_trial set done = ${trial.done + share.length}, counts = ${JSON.stringify(trial.counts)}::jsonb,
      total = coalesce(${total}::int, total), reached_id = ${share.at(-1)?.id ?? trial.reached_id}, state = ${over ? 'done' : 'running'},
      ended_at = ${over ? tx.now : null} where id = ${trial.id}`.execute(tx.db)
  return Math.max(1, share.length)
}

// Of millions it takes seconds, for which nobody who asks is kept waiting.
async function countLines(tx: Tx, { from_at, to_at }: Running): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from activity a where ${lines(from_at, to_at)}`.execute(tx.db)
  return rows[0]!.count
}

/** What no line tells of: times that came, and that nobody changed a ticket for long. */
async function pastWaits(tx: Tx, rules: AutomationRules, trial: Running) {
  const { past, times } = await pastSchedules(tx, rules, trial)
  for (const { rule } of rules.live) {
    const counted = times.get(rule.id)
    if (!counted) continue
    const opened = rule.on.kind === 'schedule' && rule.on.opens ? counted.times : 0
    trial.counts[rule.id] = { fired: opened, cut: 0, ...counted }
  }
  return [...past, ...(await pastDates(tx, rules, trial)), ...(await pastQuiet(tx, rules, trial))]
}

async function readShare(db: Transaction<Tables>, trial: Running): Promise<ActivityRow[]> {
  const { rows } = await sql<ActivityRow>`
    select 0 as place, a.id, a.at, a.recorded_at, a.actor_kind, a.actor_id, a.verb, a.subject_kind, a.subject_id, a.ticket_id,
           a.revision, a.before, a.after, a.cause, a.why, a.visibility
    from activity a where ${lines(trial.from_at, trial.to_at)}
      and ${trial.reached_id === null ? sql`true` : sql`a.id > ${trial.reached_id}`}
    order by a.id limit ${SHARE}`.execute(db)
  return rows
}

/** The same decision as of what happens now; what would have followed from its effects is not known. */
async function keepHits(
  tx: Tx,
  trial: Running,
  rules: AutomationRules,
  occasions: { one: Occasion; at: Date }[],
): Promise<void> {
  const hits: { one: Occasion; at: Date; decided: Decided }[] = []
  for await (const { one, at } of inTurns(occasions))
    hits.push(...decideRules(rules, one, () => 0).map((decided) => ({ one, at, decided })))
  for (const { decided } of hits) count(trial.counts, decided)
  const rows = hits.map(({ one, at, decided }) => ({
    rule: decided.rule,
    place: decided.place,
    occasion: one.occasion,
    ticket_id: one.ticketId,
    at,
    verb: one.verb,
    cut: decided.cut,
    matched: decided.matched,
  }))
  if (rows.length === 0) return
  await sql`
    insert into automation_trial_hit (trial_id, rule, occasion, place, ticket_id, at, verb, cut, matched)
    select ${trial.id}, g.* from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as g(rule uuid, occasion text, place int, ticket_id uuid, at timestamptz(3), verb text, cut text, matched jsonb)
    limit greatest(0, ${MOST_LISTED} - (select count(*) from automation_trial_hit where trial_id = ${trial.id}))
    on conflict do nothing`.execute(tx.db)
}

function count(counts: Running['counts'], { rule, cut }: Decided): void {
  const of = (counts[rule] ??= { fired: 0, cut: 0 })
  if (cut) of.cut++
  else of.fired++
}
