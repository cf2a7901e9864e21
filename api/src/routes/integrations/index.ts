import type { Resource } from '../../context.ts'
import { eventRoutes } from './events.ts'
import { inspectRoutes } from './inspect.ts'
import { mailRuleRoutes } from './mail-rules.ts'
import { manageRoutes } from './manage.ts'
import { patienceRoutes } from './patience.ts'
import { mappingRoutes } from './mapping.ts'
import { shadowRoutes } from './shadow.ts'
import { trailRoutes } from './trail.ts'
import { tryRoutes } from './try.ts'

export const integrationRoutes: Resource = (app, deps) => {
  manageRoutes(app, deps)
  inspectRoutes(app, deps)
  eventRoutes(app, deps)
  mappingRoutes(app, deps)
  mailRuleRoutes(app, deps)
  trailRoutes(app, deps)
  tryRoutes(app, deps)
  patienceRoutes(app, deps)
  shadowRoutes(app, deps)
}
