import type { Resource } from '../../context.ts'
import { inspectRoutes } from './inspect.ts'
import { manageRoutes } from './manage.ts'
import { tryRoutes } from './try.ts'

export const integrationRoutes: Resource = (app, deps) => {
  manageRoutes(app, deps)
  inspectRoutes(app, deps)
  tryRoutes(app, deps)
}
