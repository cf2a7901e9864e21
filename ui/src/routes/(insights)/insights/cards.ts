import type { Kpi } from '#lib/insight/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { Figures } from './panels.ts'

/** A figure of the first row: the API's name of it, and which way is good; neither, where more is merely more. */
export interface Card {
  title: string
  name: string
  kpi: Kpi | null
  better?: 'less' | 'more'
  /** What stands beside the value and is shown instead of it. */
  show?: 'median'
}

export const cardsOf = ({ over }: Figures, recurring: Kpi | null): Card[] => [
  { title: m.insights_kpi_volume(), name: 'volume', kpi: over.volume },
  { title: m.insights_kpi_backlog(), name: 'backlog', kpi: over.backlog, better: 'less' },
  {
    title: m.insights_kpi_time_to_acknowledge(),
    name: 'time_to_acknowledge',
    kpi: over.acknowledge,
    better: 'less',
    show: 'median',
  },
  {
    title: m.insights_kpi_time_to_resolve(),
    name: 'time_to_resolve',
    kpi: over.resolve,
    better: 'less',
    show: 'median',
  },
  { title: m.insights_kpi_sla_response(), name: 'sla_response', kpi: over.response, better: 'more' },
  { title: m.insights_kpi_sla_resolution(), name: 'sla_resolution', kpi: over.resolution, better: 'more' },
  { title: m.insights_kpi_reopen_rate(), name: 'reopen_rate', kpi: over.reopened, better: 'less' },
  { title: m.insights_kpi_recurring(), name: 'recurring', kpi: recurring, better: 'less' },
  { title: m.insights_kpi_compression(), name: 'compression', kpi: over.compression, better: 'more' },
  { title: m.insights_kpi_pages(), name: 'pages', kpi: over.pages, better: 'less' },
]
