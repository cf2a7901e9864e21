import { sql } from 'kysely'
import { z } from 'zod'
import { type Figures, KPIS, type Postgres, type Question } from '../kpi/index.ts'
import type { Pipe } from '../pipe/pipe.ts'
import { type Store, whole } from '../store/store.ts'
import { type Checks, checksOfRecord, checksOfStore, compareChecks } from './checks.ts'
import { compareFigures, type Difference } from './compare.ts'
import { planQuestions } from './plan.ts'

/** Whether the store tells what the record tells, at one place of the feed. */
export interface Reconciliation {
  /** The instant of the record's snapshot in which both were asked. */
  reconciled_at: Date
  place: number
  /** How many answers and sums were compared. */
  checks: number
  took_ms: number
  differences: Difference[]
  /** How many differences are of whole tables: the copy's fault, not a figure's. */
  table_differences: number
}

const MOST_KEPT = 50

/**
 * Asks both engines every question of the plan at the same watermark and compares them. The record answers in one
 * snapshot, in which the rest of the feed is read too; the store answers once that rest is in it.
 * Undefined when another process is the pipe.
 */
export async function reconcile(pipe: Pipe, store: Store): Promise<Reconciliation | undefined> {
  const started = performance.now()
  return pipe.meet(
    async (snapshot, batch) => {
      const asked = await questions(snapshot, batch.asOf)
      const answers: { kpi: (typeof KPIS)[number]; question: Question; record: Figures }[] = []
      // One after another: they share the one connection of the snapshot.
      for (const { kpi, question } of asked)
        answers.push({ kpi, question, record: await kpi.fromRecord(snapshot, question) })
      return { answers, tables: await checksOfRecord(snapshot) }
    },
    async ({ answers, tables }, batch) => {
      const tableDifferences = compareChecks(await checksOfStore(store), tables)
      const differences: Difference[] = [...tableDifferences]
      for (const { kpi, question, record } of answers)
        differences.push(...compareFigures(kpi.name, question, await kpi.fromStore(store, question), record))
      const done: Reconciliation = {
        reconciled_at: batch.asOf,
        place: batch.place,
        checks: answers.length + countOf(tables),
        took_ms: Math.round(performance.now() - started),
        differences: differences.slice(0, MOST_KEPT),
        table_differences: tableDifferences.length,
      }
      await keep(store, done)
      return done
    },
  )
}

async function questions(record: Postgres, now: Date) {
  const zone = await reportingZone(record)
  const team = await record.selectFrom('team').select('id').orderBy('id').limit(1).executeTakeFirst()
  return KPIS.flatMap((kpi) => planQuestions(kpi, now, zone, team?.id).map((question) => ({ kpi, question })))
}

/** The zone whose days and months the figures are told in, unless a question says another. */
export async function reportingZone(record: Postgres): Promise<string> {
  const { rows } = await sql<{ zone: string | null }>`
    select value #>> '{}' as zone from setting where key = 'reporting_zone'`.execute(record)
  return rows[0]?.zone ?? 'UTC'
}

const countOf = (checks: Checks): number =>
  Object.values(checks).reduce((sum, table) => sum + Object.keys(table).length, 0)

async function keep(store: Store, done: Reconciliation): Promise<void> {
  const { table_differences: _, differences, ...rest } = done
  await store.insert('reconciliation', [{ ...rest, differences: JSON.stringify(differences) }])
}

/** The last time both were found equal, and the last time they were compared. */
export async function readReconciliations(store: Store): Promise<{ equalAt?: Date; last?: Reconciliation }> {
  const row = z.object({
    at: whole,
    place: whole,
    checks: whole,
    took_ms: whole,
    differences: z.string().transform((text) => JSON.parse(text) as Difference[]),
  })
  const select = (where: string) =>
    store.ask({
      name: 'reconciliations',
      text: `select toUnixTimestamp64Milli(reconciled_at) as at, place, checks, took_ms, differences
             from reconciliation ${where} order by reconciled_at desc limit 1`,
      row,
    })
  const [last] = await select('')
  const [equal] = await select(`where differences = '[]'`)
  return {
    ...(equal && { equalAt: new Date(equal.at) }),
    ...(last && {
      last: {
        reconciled_at: new Date(last.at),
        place: last.place,
        checks: last.checks,
        took_ms: last.took_ms,
        differences: last.differences,
        table_differences: 0,
      },
    }),
  }
}
