import { z } from 'zod'
import { whole } from '../store/store.ts'
import { type Count, countInRecord, countInStore } from './count.ts'
import { CATEGORIES, FILTERS, type Kpi, TIMES, type Told } from './kpi.ts'
import { recordedTickets, storedTickets } from './ticket-source.ts'

const row = z.object({ n: whole.default(0), met: whole.default(0) })
const overdueRow = z.object({ n: whole.default(0) })

/** Compliance with one target. Response and resolution are two figures that are never mixed. */
export function slaKpi(
  target: 'response' | 'resolution',
  words: { title: string; target: Told; ends: Told },
): Kpi {
  const recorded = {
    ...recordedTickets,
    from: `${recordedTickets.from} join sla_clock c on c.ticket_id = t.id and c.target = '${target}'`,
  }
  const completed: Count<typeof row> = {
    name: `sla_${target}`,
    clickhouse: {
      ...storedTickets,
      at: `${target}_stopped_at`,
      where: `${storedTickets.kept} and ${target}_state in ('met', 'breached')`,
      measures: { met: `${target}_state = 'met'` },
      figures: 'count() as n, countIf(met) as met',
    },
    postgres: {
      ...recorded,
      at: 'c.stopped_at',
      where: `${recordedTickets.kept} and c.state in ('met', 'breached')`,
      measures: { met: `c.state = 'met'` },
      figures: 'count(*) as n, count(*) filter (where met) as met',
    },
    row,
    read: ({ n, met }) => ({ n, value: n > 0 ? (100 * met) / n : null, met, breached: n - met }),
  }
  // Breached and still running: not completed, so not in the percentage, but nobody may overlook them.
  const overdue: Count<typeof overdueRow> = {
    name: `sla_${target} overdue`,
    clickhouse: {
      ...storedTickets,
      at: `${target}_breached_at`,
      where: `${storedTickets.kept} and ${target}_stopped_at is null`,
      figures: 'count() as n',
    },
    postgres: {
      ...recorded,
      at: 'c.breached_at',
      where: `${recordedTickets.kept} and c.stopped_at is null`,
      figures: 'count(*) as n',
    },
    row: overdueRow,
    read: ({ n }) => ({ n, value: n }),
  }
  return {
    name: `sla_${target}`,
    title: words.title,
    definition: {
      en: `Share of ${words.target.en} targets met, of those completed in the period: met / (met + breached), on each policy's own calendar. ${words.ends.en} Breached and still running are counted apart; targets that no longer applied, merged and cancelled tickets and those in shadow are left out.`,
      fr: `Part des objectifs ${words.target.fr} tenus, parmi ceux arrivés à terme dans la période : tenus / (tenus + dépassés), selon le calendrier de chaque accord. ${words.ends.fr} Les dépassés encore en cours sont comptés à part ; objectifs devenus sans objet, tickets fusionnés, annulés et à blanc exclus.`,
      it: `Quota degli obiettivi di ${words.target.it} rispettati, tra quelli conclusi nel periodo: rispettati / (rispettati + superati), sul calendario di ciascun accordo. ${words.ends.it} Quelli superati e ancora in corso sono contati a parte; esclusi gli obiettivi non più validi e i ticket uniti, annullati e in ombra.`,
    },
    unit: 'percent',
    dimensions: ['month', ...TIMES, ...CATEGORIES, 'none'],
    filters: FILTERS,
    booking: target === 'response' ? 'responded' : 'resolved',
    fromStore: async (store, question) => {
      const figures = await countInStore(store, question, completed)
      const late = await countInStore(store, { ...question, by: 'none' }, overdue)
      return { ...figures, whole: { ...figures.whole, overdue: late.whole.n } }
    },
    fromRecord: async (record, question) => {
      const figures = await countInRecord(record, question, completed)
      const late = await countInRecord(record, { ...question, by: 'none' }, overdue)
      return { ...figures, whole: { ...figures.whole, overdue: late.whole.n } }
    },
  }
}
