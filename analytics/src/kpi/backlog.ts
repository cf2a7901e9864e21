import { sql } from 'kysely'
import { z } from 'zod'
import { type Store, whole } from '../store/store.ts'
import { keyInRecord, keyInStore, keyText } from './divide.ts'
import {
  CATEGORIES,
  type Figure,
  type Figures,
  FILTERS,
  type Kpi,
  type Postgres,
  type Question,
  TIMES,
} from './kpi.ts'
import { narrowInRecord, narrowInStore, paramsOf } from './narrow.ts'
import { isTime, localDate, slicesOf } from './period.ts'
import { recordedTickets, storedTickets } from './ticket-source.ts'

const counts = z.object({ open: whole, over_10: whole, over_30: whole })
type Counts = z.output<typeof counts>

/** Open ones by age; an age is elapsed time, so ten days are 240 hours whatever the clocks did. */
const figureOf = ({ open, over_10, over_30 }: Counts): Figure => ({
  n: open,
  value: open,
  under_10_days: open - over_10,
  from_10_to_30_days: over_10 - over_30,
  over_30_days: over_30,
})
const NONE: Counts = { open: 0, over_10: 0, over_30: 0 }

// A resolution before the opening, as imports have it, leaves nothing open.
const STORED = `(
  select *, greatest(created_at, ifNull(ifNull(resolved_at, closed_at), toDateTime64('2200-01-01', 3, 'UTC'))) as ended,
    least(ended, {to:DateTime64(3, 'UTC')}) as until
  from ticket_fact final where created_at < {to:DateTime64(3, 'UTC')})`

/** Open at the end of the period, by category. */
async function openInStore(store: Store, question: Question): Promise<Figures> {
  const { columns } = storedTickets
  const rows = await store.ask({
    name: 'kpi backlog',
    text: `
      select ${keyInStore(question.by, 'created_at', columns)} as key, ${keyText(question.by)} as key_text, count() as open,
        countIf(created_at + interval 240 hour < {to:DateTime64(3, 'UTC')}) as over_10,
        countIf(created_at + interval 720 hour < {to:DateTime64(3, 'UTC')}) as over_30
      from ${STORED} where ended >= {to:DateTime64(3, 'UTC')} and ${narrowInStore(question, columns)} group by key`,
    params: paramsOf(question),
    row: counts.extend({ key_text: z.string() }),
  })
  return {
    whole: figureOf(sum(rows)),
    series: Object.fromEntries(rows.map((row) => [row.key_text, figureOf(row)])),
  }
}

/**
 * Open at the end of each day: tickets of one shape (days of opening, of turning 10 and 30 days old, of ending)
 * are counted together first, so that 1 M tickets become some thousand steps up and down.
 */
async function stepsInStore(store: Store, question: Question) {
  const never = `toDate('2149-06-06')`
  const dayOf = (instant: string, before: string) =>
    `if(${instant} < ${before}, toDate(${instant}, {zone:String}), ${never})`
  return store.ask({
    name: 'kpi backlog by time',
    text: `
      select toString(greatest(step.1, {first:Date})) as day, sum(step.2) as open, sum(step.3) as over_10, sum(step.4) as over_30
      from (
        select arrayJoin([(opens, n, toInt64(0), toInt64(0)), (ten, 0, n, 0), (thirty, 0, 0, n),
          (ends, -n, if(ten = ${never}, 0, -n), if(thirty = ${never}, 0, -n))]) as step
        from (
          select toDate(created_at, {zone:String}) as opens,
            ${dayOf('created_at + interval 240 hour', 'until')} as ten,
            ${dayOf('created_at + interval 720 hour', 'until')} as thirty,
            ${dayOf('ended', `{to:DateTime64(3, 'UTC')}`)} as ends,
            toInt64(count()) as n
          from ${STORED} where ${narrowInStore(question, storedTickets.columns)}
          group by opens, ten, thirty, ends
        )
      ) where step.1 < ${never} group by day order by day`,
    params: { ...paramsOf(question), first: localDate(question.from, question.zone).toString() },
    row: counts.extend({ day: z.string() }),
  })
}

async function backlogInStore(store: Store, question: Question): Promise<Figures> {
  if (!isTime(question.by)) return openInStore(store, question)
  const steps = await stepsInStore(store, question)
  const series: Record<string, Figure> = {}
  let level = NONE
  let next = 0
  for (const slice of slicesOf(question, question.by, question.zone)) {
    // The end is not part of the slice: its last day is the one of the millisecond before.
    const last = localDate(new Date(slice.to.getTime() - 1), question.zone).toString()
    for (; next < steps.length && steps[next]!.day <= last; next++) level = sum([level, steps[next]!])
    series[slice.key] = figureOf(level)
  }
  return { whole: figureOf(sum(steps)), series }
}

async function backlogInRecord(record: Postgres, question: Question): Promise<Figures> {
  const { columns } = recordedTickets
  const byTime = isTime(question.by)
  const moments = byTime ? slicesOf(question, question.by as 'day', question.zone) : []
  const ends = JSON.stringify([
    ...moments.map(({ key, to }) => ({ key, at: to })),
    { key: null, at: question.to },
  ])
  const key = byTime ? sql`''::text` : keyInRecord(question.by, 't.created_at', question.zone, columns)
  const { rows } = await sql`
    select moment.key as moment, t.key, count(t.created_at) as open,
      count(*) filter (where t.created_at + interval '240 hours' < moment.at) as over_10,
      count(*) filter (where t.created_at + interval '720 hours' < moment.at) as over_30
    from jsonb_to_recordset(${ends}::jsonb) as moment(key text, at timestamptz)
    left join (
      select ${key} as key, created_at, greatest(created_at, coalesce(resolved_at, closed_at, 'infinity')) as ended
      from ticket t where ${narrowInRecord(question, columns)}
    ) t on t.created_at < moment.at and t.ended >= moment.at
    group by moment.key, t.key`.execute(record)
  const read = z
    .array(counts.extend({ moment: z.string().nullable(), key: z.string().nullable() }))
    .parse(rows)
    .filter((row) => row.key !== null || row.moment !== null)
  const now = read.filter((row) => row.moment === null)
  const told = byTime ? read.filter((row) => row.moment !== null) : now
  return {
    whole: figureOf(sum(now)),
    series: Object.fromEntries(told.map((row) => [byTime ? row.moment! : row.key!, figureOf(row)])),
  }
}

const sum = (rows: Counts[]): Counts =>
  rows.reduce(
    (all, row) => ({
      open: all.open + row.open,
      over_10: all.over_10 + row.over_10,
      over_30: all.over_30 + row.over_30,
    }),
    NONE,
  )

export const backlog: Kpi = {
  name: 'backlog',
  title: 'Backlog',
  definition: {
    en: 'Tickets open at the end of each step, or of the period: opened before it and neither resolved nor ended before it. A reopened ticket counts as open until its last resolution. Ages are elapsed time since opening.',
    fr: 'Tickets ouverts à la fin de chaque pas, ou de la période : ouverts avant, et ni résolus ni terminés avant. Un ticket rouvert compte comme ouvert jusqu’à sa dernière résolution. L’âge est le temps écoulé depuis l’ouverture.',
    it: 'Ticket aperti alla fine di ogni passo, o del periodo: aperti prima, e né risolti né terminati prima. Un ticket riaperto conta come aperto fino all’ultima risoluzione. L’età è il tempo trascorso dall’apertura.',
  },
  unit: 'tickets',
  dimensions: ['day', ...TIMES, ...CATEGORIES, 'none'],
  filters: FILTERS,
  booking: 'open',
  fromStore: backlogInStore,
  fromRecord: backlogInRecord,
}
