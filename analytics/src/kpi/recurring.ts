import { sql } from 'kysely'
import { z } from 'zod'
import { type Store, whole } from '../store/store.ts'
import { msInRecord } from './duration.ts'
import { type Figure, type Figures, FILTERS, type Kpi, type Postgres, type Question } from './kpi.ts'
import { narrowInRecord, narrowInStore, paramsOf } from './narrow.ts'
import { recordedTickets, storedTickets } from './ticket-source.ts'

// Those that cost most, and those that are most frequent though each is soon over.
const MOST_HOURS = 50
const MOST_OFTEN = 20

const row = z.object({
  service: z.string(),
  symptom: z.string(),
  n: whole,
  lost: whole,
  first: whole,
  last: whole,
  all_tickets: whole,
  all_keys: whole,
  all_groups: whole,
  all_lost: whole,
})

// Totals of every key stand on each row, so the keys are grouped once; one that never recurred comes last.
const TOTALS = `sum(n) over () as all_tickets, sum(case when n > 1 then 1 else 0 end) over () as all_keys,
  count(*) over () as all_groups, sum(case when n > 1 then lost else 0 end) over () as all_lost`
const RANKED = `case when n > 1 then 0 else 1 end, lost desc, n desc`
const LISTED = `by_hours <= ${MOST_HOURS} or by_count <= ${MOST_OFTEN}`
const ranks = (service: string, symptom: string) => `
  row_number() over (order by ${RANKED}, ${service}, ${symptom}) as by_hours,
  row_number() over (order by n desc, lost desc, ${service}, ${symptom}) as by_count`

function read(rows: z.output<typeof row>[]): Figures {
  const { all_tickets = 0, all_keys = 0, all_groups = 0, all_lost = 0 } = rows[0] ?? {}
  const repeats = all_tickets - all_groups
  const series = rows
    .filter(({ n }) => n > 1)
    .map(({ service, symptom, n, lost, first, last }): [string, Figure] => [
      `${service}|${symptom}`,
      {
        n,
        value: lost,
        service,
        symptom,
        first_at: new Date(first).toISOString(),
        last_at: new Date(last).toISOString(),
      },
    ])
  return {
    whole: {
      n: all_tickets,
      value: all_lost,
      recurring_keys: all_keys,
      repeats,
      repeats_percent: all_tickets > 0 ? (100 * repeats) / all_tickets : null,
    },
    series: Object.fromEntries(series),
  }
}

// Grouped by keys of a fixed length, none of which may be null: text took half as long again (1 M tickets). Of 128
// bits, no two symptoms have the same.
async function recurringInStore(store: Store, question: Question): Promise<Figures> {
  const rows = await store.ask({
    name: 'kpi recurring',
    text: `
      select * from (
      select toString(service_key) as service, symptom, n, lost, first, last, ${TOTALS}, ${ranks('service', 'symptom')}
      from (
        select assumeNotNull(service_id) as service_key, sipHash128(assumeNotNull(symptom_key)) as symptom_hash,
          toString(any(assumeNotNull(symptom_key))) as symptom, toInt64(count()) as n,
          ifNull(sum(dateDiff('millisecond', created_at, resolved_at)), 0) as lost,
          toUnixTimestamp64Milli(min(created_at)) as first, toUnixTimestamp64Milli(max(created_at)) as last
        from ticket_fact final
        where created_at >= {from:DateTime64(3, 'UTC')} and created_at < {to:DateTime64(3, 'UTC')}
          and service_id is not null and symptom_key is not null and kind in ('incident', 'request')
          and ${storedTickets.kept} and ${narrowInStore(question, storedTickets.columns)}
        group by service_key, symptom_hash
      )) where ${LISTED} order by by_hours`,
    params: paramsOf(question),
    row,
  })
  return read(rows)
}

async function recurringInRecord(record: Postgres, question: Question): Promise<Figures> {
  const { rows } = await sql`
    select * from (
    select service, symptom, n, lost, first, last, ${sql.raw(TOTALS)},
      ${sql.raw(ranks('service collate "C"', 'symptom collate "C"'))}
    from (
      select t.service_id::text as service, t.symptom_key as symptom, count(*) as n,
        coalesce(sum(${sql.raw(msInRecord('t.created_at', 't.resolved_at'))}), 0) as lost,
        round(extract(epoch from min(t.created_at)) * 1000)::bigint as first,
        round(extract(epoch from max(t.created_at)) * 1000)::bigint as last
      from ticket t
      where t.created_at >= ${question.from}::timestamptz and t.created_at < ${question.to}::timestamptz
        and t.service_id is not null and t.symptom_key is not null and t.kind in ('incident', 'request')
        and ${sql.raw(recordedTickets.kept)} and ${narrowInRecord(question, recordedTickets.columns)}
      group by t.service_id, t.symptom_key
    ) keys) ranked where ${sql.raw(LISTED)} order by by_hours`.execute(record)
  return read(z.array(row).parse(rows))
}

export const recurring: Kpi = {
  name: 'recurring',
  title: 'Recurring problems',
  definition: {
    en: 'Hours lost to what came back: incidents and requests opened in the period whose service and symptom occur at least twice in it, ranked by the sum of their times to resolve, around the clock; the most frequent stand in the list too. Unresolved ones count as occurrences but add no time; merged and cancelled tickets and those in shadow are left out.',
    fr: 'Heures perdues à cause de ce qui revient : incidents et demandes ouverts dans la période dont le service et le symptôme s’y répètent au moins deux fois, classés par la somme de leurs temps de résolution, jour et nuit ; les plus fréquents figurent aussi dans la liste. Les non résolus comptent comme occurrences mais n’ajoutent pas de temps ; tickets fusionnés, annulés et à blanc exclus.',
    it: 'Ore perse per ciò che ritorna: incidenti e richieste aperti nel periodo il cui servizio e sintomo vi ricorrono almeno due volte, ordinati per la somma dei tempi di risoluzione, giorno e notte; nell’elenco stanno anche i più frequenti. Quelli non risolti contano come occorrenze ma non aggiungono tempo; esclusi i ticket uniti, annullati e in ombra.',
  },
  unit: 'ms',
  dimensions: ['symptom'],
  filters: FILTERS,
  booking: 'created',
  fromStore: recurringInStore,
  fromRecord: recurringInRecord,
}
