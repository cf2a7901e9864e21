import type { Resource } from '../../context.ts'
import { bulkRoutes } from './bulk.ts'
import { checklistRoutes } from './checklist.ts'
import { countRoutes } from './counts.ts'
import { createRoutes } from './create.ts'
import { draftRoutes } from './drafts.ts'
import { exportListRoutes } from './export-list.ts'
import { exportRoutes } from './export-timeline.ts'
import { getRoutes } from './get.ts'
import { healthRoutes } from './health.ts'
import { listRoutes } from './list.ts'
import { mentionableRoutes } from './mentionable.ts'
import { presenceRoutes } from './presence.ts'
import { rearrangeRoutes } from './rearrange.ts'
import { slaRoutes } from './sla.ts'
import { similarRoutes } from './similar.ts'
import { timeRoutes } from './time.ts'
import { timelineRoutes } from './timeline.ts'
import { verbRoutes } from './verbs.ts'

export const ticketRoutes: Resource = (app, deps) => {
  listRoutes(app, deps)
  countRoutes(app, deps)
  createRoutes(app, deps)
  bulkRoutes(app, deps)
  getRoutes(app, deps)
  healthRoutes(app, deps)
  slaRoutes(app, deps)
  timelineRoutes(app, deps)
  exportRoutes(app, deps)
  exportListRoutes(app, deps)
  draftRoutes(app, deps)
  mentionableRoutes(app, deps)
  presenceRoutes(app, deps)
  verbRoutes(app, deps)
  rearrangeRoutes(app, deps)
  checklistRoutes(app, deps)
  timeRoutes(app, deps)
  similarRoutes(app, deps)
}
