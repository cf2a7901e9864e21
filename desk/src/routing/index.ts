export { checkRouting, publishRouting } from './check.ts'
export type { Decided, Route } from './decide.ts'
export { readFacts as readRoutingFacts, ROUTING_FACTS, type RoutingFacts } from './facts.ts'
export {
  checkCondition,
  previewRouting,
  type PreviewedRoute,
  readRouted,
  ROUTE_TOLD,
  type RoutedTicket,
  type ToldRoute,
} from './preview.ts'
export { keepRoutes, routeAgain, routeNew, type Unrouted } from './route-new.ts'
export { ROUTING, RoutingBody, RoutingRule, type RoutingSet, SkillLevel } from './rules.ts'
