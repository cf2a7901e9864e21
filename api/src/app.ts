import { OpenAPIHono } from '@hono/zod-openapi'
import { observeRequests } from '@tocsin/db/process'
import { DeskError } from '@tocsin/desk'
import type { App, Deps, Env, Resource } from './context.ts'
import { fieldErrors } from './field-errors.ts'
import { identify } from './middleware/identify.ts'
import { jsonBody } from './middleware/json-body.ts'
import { limitBody } from './middleware/limits.ts'
import { sameOrigin } from './middleware/same-origin.ts'
import { signInDoor } from './middleware/sign-in.ts'
import { answerError } from './problem.ts'
import { alertRoutes } from './routes/alerts/index.ts'
import { attachmentRoutes } from './routes/attachments.ts'
import { auditRoutes } from './routes/audit.ts'
import { automationRoutes } from './routes/automation/index.ts'
import { calendarRoutes } from './routes/calendars.ts'
import { cannedRoutes } from './routes/canned/index.ts'
import { catalogueRoutes } from './routes/catalogue.ts'
import { categoryRoutes } from './routes/categories.ts'
import { checklistTemplateRoutes } from './routes/checklist-templates.ts'
import { configurationItemRoutes } from './routes/configuration-items.ts'
import { docsRoutes } from './routes/docs.ts'
import { fieldRoutes } from './routes/fields.ts'
import { importRoutes } from './routes/imports/index.ts'
import { integrationRoutes } from './routes/integrations/index.ts'
import { keyRoutes } from './routes/keys.ts'
import { kpiRoutes } from './routes/kpis/index.ts'
import { maintenanceRoutes } from './routes/maintenance/index.ts'
import { meRoutes } from './routes/me.ts'
import { peopleRoutes } from './routes/people.ts'
import { peopleGroupRoutes } from './routes/people-groups.ts'
import { acknowledgeLinkRoutes } from './routes/acknowledge-link.ts'
import { contactMethodRoutes } from './routes/contact-methods.ts'
import { escalationPolicyRoutes } from './routes/escalation-policies.ts'
import { liveRoutes } from './routes/live/index.ts'
import { lookupRoutes } from './routes/lookups.ts'
import { mailboxRoutes } from './routes/mailbox.ts'
import { onCallRoutes } from './routes/oncall.ts'
import { pageRoutes } from './routes/pages.ts'
import { pagingAuditRoutes } from './routes/paging-audit.ts'
import { proposalRoutes } from './routes/proposals.ts'
import { absenceRoutes } from './routes/absences.ts'
import { assignmentRoutes } from './routes/assignment.ts'
import { routingRoutes } from './routes/routing/index.ts'
import { reminderRoutes } from './routes/reminders.ts'
import { replayRoutes } from './routes/replays.ts'
import { ruleRoutes } from './routes/rules/index.ts'
import { scheduleRoutes } from './routes/schedules/index.ts'
import { changeRoutes } from './routes/changes.ts'
import { approvalRoutes } from './routes/approvals.ts'
import { problemRoutes } from './routes/problems.ts'
import { organisationRoutes } from './routes/organisations.ts'
import { outageRoutes } from './routes/outages.ts'
import { portalRoutes } from './routes/portal.ts'
import { reviewRoutes } from './routes/reviews/index.ts'
import { serviceRoutes } from './routes/services.ts'
import { settingRoutes } from './routes/settings.ts'
import { setupRoutes } from './routes/setup.ts'
import { slaPolicyRoutes } from './routes/sla-policies.ts'
import { slaRecomputationRoutes } from './routes/sla-recomputations.ts'
import { slaWhatIfRoutes } from './routes/sla-what-ifs.ts'
import { statusRoutes } from './routes/statuses.ts'
import { streamRoutes } from './routes/stream/index.ts'
import { tagRoutes } from './routes/tags.ts'
import { ticketViewRoutes } from './routes/ticket-views.ts'
import { teamRoutes } from './routes/teams.ts'
import { timeEntryRoutes } from './routes/time-entries.ts'
import { ticketRoutes } from './routes/tickets/index.ts'
import { triggerRoutes } from './routes/triggers.ts'
import { webhookRoutes } from './routes/webhooks/index.ts'

/** Every resource of the people's and programs' door. */
const RESOURCES: Resource[] = [
  setupRoutes,
  meRoutes,
  peopleRoutes,
  organisationRoutes,
  peopleGroupRoutes,
  teamRoutes,
  assignmentRoutes,
  absenceRoutes,
  serviceRoutes,
  configurationItemRoutes,
  keyRoutes,
  calendarRoutes,
  slaPolicyRoutes,
  slaRecomputationRoutes,
  slaWhatIfRoutes,
  ticketRoutes,
  timeEntryRoutes,
  reminderRoutes,
  attachmentRoutes,
  cannedRoutes,
  catalogueRoutes,
  categoryRoutes,
  checklistTemplateRoutes,
  statusRoutes,
  fieldRoutes,
  tagRoutes,
  ticketViewRoutes,
  portalRoutes,
  outageRoutes,
  reviewRoutes,
  problemRoutes,
  approvalRoutes,
  changeRoutes,
  streamRoutes,
  auditRoutes,
  settingRoutes,
  kpiRoutes,
  scheduleRoutes,
  escalationPolicyRoutes,
  pageRoutes,
  pagingAuditRoutes,
  onCallRoutes,
  contactMethodRoutes,
  acknowledgeLinkRoutes,
  mailboxRoutes,
  alertRoutes,
  maintenanceRoutes,
  integrationRoutes,
  importRoutes,
  routingRoutes,
  replayRoutes,
  ruleRoutes,
  lookupRoutes,
  proposalRoutes,
  triggerRoutes,
  automationRoutes,
  webhookRoutes,
  liveRoutes,
]

/** The whole door as one fetch function, so that tests and the process serve the same thing. */
export function createApp(deps: Deps): App {
  const app: App = new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (!result.success)
        throw new DeskError('invalid', 'Some fields are not right.', fieldErrors(result.error.issues))
    },
  })
  app.onError(answerError)
  app.notFound(() => {
    throw new DeskError('not_found', 'There is nothing at this address.')
  })
  app.use(observeRequests(deps.log, deps.registry))
  app.use('/api/*', async function unlessSaidOtherwise(c, next) {
    await next()
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store')
    c.header('x-content-type-options', 'nosniff')
  })
  app.use('/api/*', sameOrigin(deps.config.publicUrl))
  app.use('/api/*', limitBody)
  app.use('/api/v1/*', jsonBody)
  app.on(['GET', 'POST'], '/api/auth/*', signInDoor(deps))
  app.use('/api/v1/*', identify(deps))

  for (const resource of RESOURCES) resource(app, deps)
  docsRoutes(app, deps)
  return app
}
