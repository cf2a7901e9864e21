import { backlog } from './backlog.ts'
import { compression } from './compression.ts'
import type { Kpi } from './kpi.ts'
import { pages } from './pages.ts'
import { recurring } from './recurring.ts'
import { reopenRate } from './reopen-rate.ts'
import { slaResolution } from './sla-resolution.ts'
import { slaResponse } from './sla-response.ts'
import { timeToAcknowledge } from './time-to-acknowledge.ts'
import { timeToResolve } from './time-to-resolve.ts'
import { timeSpent } from './time-spent.ts'
import { volume } from './volume.ts'

/** Every figure there is, in the order in which people read them. */
export const KPIS: readonly Kpi[] = [
  volume,
  backlog,
  timeToAcknowledge,
  timeToResolve,
  slaResponse,
  slaResolution,
  reopenRate,
  recurring,
  compression,
  pages,
  timeSpent,
]

export * from './kpi.ts'
