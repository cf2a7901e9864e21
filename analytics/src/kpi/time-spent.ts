import { z } from 'zod'
import { whole } from '../store/store.ts'
import { type Count, countInRecord, countInStore } from './count.ts'
import { CYCLES, type Kpi, TIMES } from './kpi.ts'

const row = z.object({ n: whole.default(0), minutes: whole.default(0), tickets: whole.default(0) })

const spent: Count<typeof row> = {
  name: 'time_spent',
  clickhouse: {
    from: 'work_fact final',
    at: 'at',
    where: 'not removed',
    columns: {
      team: 'team_id',
      service: 'service_id',
      category: 'category_id',
      priority: 'priority',
      kind: 'kind',
    },
    measures: { spent: 'minutes', ticket: 'ticket_id' },
    figures: 'count() as n, sum(spent) as minutes, uniqExact(ticket) as tickets',
  },
  postgres: {
    from: 'work_entry e join ticket t on t.id = e.ticket_id',
    at: 'e.at',
    where: 'e.removed_at is null',
    columns: {
      team: 't.team_id',
      service: 't.service_id',
      category: 't.category_id',
      priority: 't.priority',
      kind: 't.kind',
    },
    measures: { spent: 'e.minutes', ticket: 'e.ticket_id' },
    figures: 'count(*) as n, coalesce(sum(spent), 0) as minutes, count(distinct ticket) as tickets',
  },
  row,
  read: ({ n, minutes, tickets }) => ({ n, value: minutes * 60_000, tickets }),
}

export const timeSpent: Kpi = {
  name: 'time_spent',
  title: 'Time spent',
  definition: {
    en: 'The sum of the time that people wrote down, or measured with their clock, as spent on tickets; booked to the instant at which the work ended. It counts for the team, service and priority that the ticket has now. Beside it on how many tickets. What was taken back does not count.',
    fr: 'La somme du temps que chacun a noté, ou mesuré avec son chronomètre, comme passé sur des tickets ; compté à l’instant où le travail s’est terminé. Il compte pour l’équipe, le service et la priorité que le ticket a maintenant. À côté, sur combien de tickets. Ce qui a été retiré ne compte pas.',
    it: 'La somma del tempo che ciascuno ha annotato, o misurato con il suo cronometro, come dedicato ai ticket; contato all’istante in cui il lavoro è finito. Vale per il team, il servizio e la priorità che il ticket ha adesso. Accanto, su quanti ticket. Ciò che è stato tolto non conta.',
  },
  unit: 'ms',
  dimensions: ['team', ...TIMES, ...CYCLES, 'service', 'category', 'priority', 'kind', 'none'],
  filters: ['team', 'service', 'priority', 'kind'],
  booking: 'none',
  fromStore: (store, question) => countInStore(store, question, spent),
  fromRecord: (record, question) => countInRecord(record, question, spent),
}
