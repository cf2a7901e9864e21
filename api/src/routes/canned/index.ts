import type { Resource } from '../../context.ts'
import { onTicketRoutes } from './on-ticket.ts'
import { cannedReplyResource, macroResource } from './resource.ts'

export const cannedRoutes: Resource = (app, deps) => {
  // Before the routes with an id, which its last word would be taken for.
  onTicketRoutes(app, deps)
  cannedReplyResource(app, deps)
  macroResource(app, deps)
}
