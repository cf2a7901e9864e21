import type { ActivityTables } from './types/activity.ts'
import type { AlertTables } from './types/alert.ts'
import type { AssignmentTables } from './types/assignment.ts'
import type { AuthTables } from './types/auth.ts'
import type { AutomationTables } from './types/automation.ts'
import type { CalendarTables } from './types/calendar.ts'
import type { CannedTables } from './types/canned.ts'
import type { ChangeTables } from './types/change.ts'
import type { ClockTables } from './types/clock.ts'
import type { ConversationTables } from './types/conversation.ts'
import type { CorrelationTables } from './types/correlation.ts'
import type { EscalationTables } from './types/escalation.ts'
import type { EventTables } from './types/event.ts'
import type { FormTables } from './types/form.ts'
import type { ImportTables } from './types/import.ts'
import type { IntegrationTables } from './types/integration.ts'
import type { MaintenanceTables } from './types/maintenance.ts'
import type { NotifyTables } from './types/notify.ts'
import type { OncallTables } from './types/oncall.ts'
import type { PeopleTables } from './types/people.ts'
import type { ProblemTables } from './types/problem.ts'
import type { QueueTables } from './types/queue.ts'
import type { ReplayTables } from './types/replay.ts'
import type { RoutingTables } from './types/routing.ts'
import type { ServicesTables } from './types/services.ts'
import type { SlaTables } from './types/sla.ts'
import type { SupervisionTables } from './types/supervision.ts'
import type { TicketTables } from './types/ticket.ts'
import type { WebhookTables } from './types/webhook.ts'
import type { WorklogTables } from './types/worklog.ts'

export type { Json } from './types/column.ts'
export type * from './types/activity.ts'
export type * from './types/alert.ts'
export type * from './types/assignment.ts'
export type * from './types/auth.ts'
export type * from './types/automation.ts'
export type * from './types/calendar.ts'
export type * from './types/canned.ts'
export type * from './types/change.ts'
export type * from './types/clock.ts'
export type * from './types/conversation.ts'
export type * from './types/correlation.ts'
export type * from './types/escalation.ts'
export type * from './types/event.ts'
export type * from './types/form.ts'
export type * from './types/import.ts'
export type * from './types/integration.ts'
export type * from './types/maintenance.ts'
export type * from './types/notify.ts'
export type * from './types/oncall.ts'
export type * from './types/people.ts'
export type * from './types/problem.ts'
export type * from './types/queue.ts'
export type * from './types/replay.ts'
export type * from './types/routing.ts'
export type * from './types/services.ts'
export type * from './types/sla.ts'
export type * from './types/supervision.ts'
export type * from './types/ticket.ts'
export type * from './types/webhook.ts'
export type * from './types/worklog.ts'

// Hand-kept beside the migrations, a file a noun; a test compares every column with the live schema.
export interface Tables
  extends
    ClockTables,
    ActivityTables,
    PeopleTables,
    AuthTables,
    ServicesTables,
    CalendarTables,
    SlaTables,
    OncallTables,
    NotifyTables,
    EscalationTables,
    FormTables,
    CannedTables,
    TicketTables,
    ConversationTables,
    WorklogTables,
    ProblemTables,
    ChangeTables,
    QueueTables,
    SupervisionTables,
    AssignmentTables,
    RoutingTables,
    ImportTables,
    IntegrationTables,
    EventTables,
    AlertTables,
    MaintenanceTables,
    CorrelationTables,
    ReplayTables,
    AutomationTables,
    WebhookTables {}
