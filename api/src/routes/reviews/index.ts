import type { Resource } from '../../context.ts'
import { actionRoutes } from './actions.ts'
import { reviewListRoutes } from './list.ts'
import { reviewRoutes as one } from './review.ts'

export const reviewRoutes: Resource = (app, deps) => {
  one(app, deps)
  reviewListRoutes(app, deps)
  actionRoutes(app, deps)
}
