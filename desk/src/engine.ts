import { connectPrepared, type Db } from '@tocsin/db'
import type { Logger } from '@tocsin/db/process'
import { sql } from 'kysely'
import type { Registry } from 'prom-client'
import { ensurePartitions, placeActivity } from './activity/index.ts'
import { sweepAssignments } from './assignment/index.ts'
import {
  readAutomationLines,
  sweepDates,
  sweepFirings,
  sweepQuiet,
  sweepSchedules,
  sweepTrials,
} from './automation/index.ts'
import {
  sweepAlerts,
  sweepCheckpoints,
  sweepGatherings,
  sweepMaintenance,
  sweepRecoveries,
} from './correlation/index.ts'
import { sweepSlaEscalations, sweepSteps } from './escalation/index.ts'
import { foldTallies, sweepHeartbeats, sweepShadowReports } from './event/index.ts'
import { sweepImports, sweepUploads } from './import/index.ts'
import { sweepMajors, sweepUpdateReminders } from './major/index.ts'
import { createSenders, deliveries, notices, type NotifyConfig, readNotices } from './notify/index.ts'
import { sweepForecasts } from './forecast/index.ts'
import { sweepReplays } from './replay/index.ts'
import { sweepRetention } from './retention/index.ts'
import { sweepMarks, sweepRecomputations, sweepWhatIfs } from './sla/index.ts'
import { sweepReminders } from './reminder/index.ts'
import { refreshHandling, sweepNext } from './queue/index.ts'
import { sweepStalled } from './supervision/index.ts'
import { lookForDue, NOW, runUntilStopped, type Sweep, sweepMetrics, wakeOnNotify } from './sweep/index.ts'
import { forgetDeliveries, readWebhookLines, webhookMessages } from './webhook/index.ts'
import { readWords, sweepClosings, sweepDrafts } from './ticket/index.ts'
import { sweepActions } from './review/index.ts'

export interface EngineOptions {
  db: Db
  /** For LISTEN, on connections of its own. */
  databaseUrl: string
  log: Logger
  registry: Registry
  config: NotifyConfig
  /** Aborts when the process stops: nothing new is begun, what is under way is finished. */
  signal: AbortSignal
}

// Notifications hasten what wakes a person; one that was lost costs no more than this.
const LOOK_MS = 500

/** Whether the feed holds lines that a reader has not come to, by its newest place: row by row would walk the table. */
const linesFor = (reader: string) => sql`
  select where (select max(place) from activity_place)
    > coalesce((select place from feed_cursor where reader = ${reader}), 0)`

const leaseable = (table: 'delivery' | 'notice') => sql`
  select from ${sql.table(table)} where state = 'waiting' and due_at <= ${NOW}
  union all select from ${sql.table(table)} where state = 'leased' and lease_until < ${NOW}`

/**
 * Sweeps what is due until the signal aborts. Any number of engines may run: each row is taken by whichever
 * comes first, and what a dead one had begun is free again at once or when its lease ends. Each sweep runs
 * alone, so one that is slow or fails delays no other.
 */
export async function runSweeps({
  db,
  databaseUrl,
  log,
  registry,
  config,
  signal,
}: EngineOptions): Promise<void> {
  const metrics = sweepMetrics(registry, db)
  const senders = createSenders(db, config)
  const paging = deliveries({ db, log, ...config, ...senders, onOutcome: metrics.delivered })
  const telling = notices({ db, log, ...config, ...senders })
  const posting = webhookMessages({ db, log, ...config, ...senders })

  const sweeps: Sweep[] = [
    {
      name: 'places',
      wokenBy: 'activity',
      due: sql`select from activity_waiting`,
      run: () => placeActivity(db),
    },
    {
      name: 'maintenance',
      due: sql`select from maintenance_span where begun_at is null and starts_at <= ${NOW}
        union all select from maintenance_span where ended_at is null and ends_at <= ${NOW}`,
      run: () => sweepMaintenance(db),
    },
    { name: 'alerts', due: sql`select from alert where due_at <= ${NOW}`, run: () => sweepAlerts(db) },
    {
      name: 'recoveries',
      due: sql`select from recovery where due_at <= ${NOW}`,
      run: () => sweepRecoveries(db),
    },
    {
      name: 'gatherings',
      due: sql`select from gathering where due_at <= ${NOW}`,
      run: () => sweepGatherings(db),
    },
    {
      name: 'heartbeats',
      due: sql`select from heartbeat where missed_at is null and due_at <= ${NOW}
               union all select from heartbeat h join integration i on i.id = h.integration_id
               where h.missed_at is not null and i.last_received_at > h.missed_at`,
      run: () => sweepHeartbeats(db),
    },
    {
      name: 'steps',
      wokenBy: 'due:steps',
      due: sql`select from escalation_step s join escalation e on e.id = s.escalation_id
               where s.decided_at is null and s.due_at <= ${NOW} and e.state = 'running'`,
      run: () => sweepSteps(db),
    },
    {
      name: 'marks',
      due: sql`select from sla_mark where reached_at is null and due_at < ${NOW}`,
      run: () => sweepMarks(db),
    },
    {
      name: 'assignments',
      wokenBy: 'due:assignments',
      due: sql`select from assignment_look where due_at <= ${NOW}`,
      run: () => sweepAssignments(db),
    },
    {
      name: 'next',
      due: sql`select from ticket where state not in ('resolved', 'closed', 'cancelled') and next_for is distinct from due_at`,
      run: () => sweepNext(db),
    },
    { name: 'closings', everyMs: 60_000, run: () => sweepClosings(db) },
    { name: 'majors', everyMs: 10_000, run: () => sweepMajors(db) },
    { name: 'update-reminders', everyMs: 10_000, run: () => sweepUpdateReminders(db) },
    { name: 'action-reminders', everyMs: 60_000, run: () => sweepActions(db) },
    { name: 'handling', everyMs: 600_000, run: () => refreshHandling(db) },
    { name: 'forecasts', everyMs: 30_000, run: () => sweepForecasts(db) },
    { name: 'stalled', everyMs: 60_000, run: () => sweepStalled(db) },
    {
      name: 'reminders',
      wokenBy: 'due:reminders',
      due: sql`select from reminder where state = 'waiting' and due_at <= ${NOW}`,
      run: () => sweepReminders(db),
    },
    {
      name: 'sla-escalations',
      wokenBy: 'due:sla-escalations',
      due: sql`select from sla_escalation where decided_at is null and due_at <= ${NOW}`,
      run: () => sweepSlaEscalations(db),
    },
    {
      name: 'recomputations',
      wokenBy: 'due:recomputations',
      due: sql`select from sla_recomputation where finished_at is null and due_at <= ${NOW}`,
      run: () => sweepRecomputations(db),
    },
    {
      name: 'deliveries',
      wokenBy: 'due:deliveries',
      due: leaseable('delivery'),
      run: paging.sweep,
    },
    {
      name: 'notice-lines',
      wokenBy: 'feed',
      due: linesFor('notices'),
      run: () => readNotices(db),
    },
    {
      name: 'words',
      wokenBy: 'feed:words',
      due: linesFor('words'),
      run: () => readWords(db),
    },
    { name: 'notices', wokenBy: 'due:notices', due: leaseable('notice'), run: telling.sweep },
    {
      name: 'webhook-lines',
      wokenBy: 'feed:webhooks',
      due: linesFor('webhooks'),
      run: () => readWebhookLines(db, config.publicUrl),
    },
    {
      name: 'webhooks',
      wokenBy: 'due:webhooks',
      due: sql`select from webhook_delivery d join webhook w on w.id = d.webhook_id
               where w.state = 'on' and (d.state = 'waiting' and d.due_at <= ${NOW} or d.state = 'leased' and d.lease_until < ${NOW})`,
      run: posting.sweep,
    },
    {
      name: 'automation-lines',
      wokenBy: 'feed:automation',
      due: linesFor('automation'),
      run: () => readAutomationLines(db),
    },
    {
      name: 'automation',
      wokenBy: 'due:automation',
      due: sql`select from automation_firing where state = 'waiting' and due_at <= ${NOW}`,
      run: () => sweepFirings(db, config.publicUrl),
    },
    {
      name: 'trials',
      wokenBy: 'due:trials',
      due: sql`select from automation_trial where state = 'running'`,
      run: () => sweepTrials(db),
    },
    {
      name: 'schedules',
      due: sql`select from automation_schedule where next_at <= ${NOW}
        union all select from automation_occurrence where state = 'running'`,
      run: () => sweepSchedules(db),
    },
    { name: 'automation-dates', everyMs: 30_000, run: () => sweepDates(db) },
    { name: 'automation-quiet', everyMs: 15_000, run: () => sweepQuiet(db) },
    { name: 'webhook-log', everyMs: 3_600_000, run: () => forgetDeliveries(db) },
    {
      name: 'what-ifs',
      wokenBy: 'due:what-ifs',
      due: sql`select from sla_what_if where state = 'running'`,
      run: () => sweepWhatIfs(db),
    },
    {
      name: 'shadow-reports',
      due: sql`select from shadow_report where told_at is null and due_at <= ${NOW}`,
      run: () => sweepShadowReports(db),
    },
    {
      name: 'imports',
      wokenBy: 'due:imports',
      due: sql`select from import where state in ('checking', 'running')`,
      run: () => sweepImports(db),
    },
    { name: 'partitions', everyMs: 3_600_000, run: () => ensurePartitions(db) },
    { name: 'retention', everyMs: 3_600_000, run: () => sweepRetention(db, log) },
    {
      name: 'replays',
      due: sql`select from replay where state = 'waiting' or (state = 'running' and lease_until < ${NOW})`,
      run: () => sweepReplays(db, databaseUrl, signal),
    },
    { name: 'checkpoints', everyMs: 60_000, run: () => sweepCheckpoints(db) },
    { name: 'tallies', everyMs: 60_000, run: () => foldTallies(db) },
    { name: 'dead-uploads', everyMs: 600_000, run: () => sweepUploads(db) },
    { name: 'unused-files', everyMs: 600_000, run: () => sweepDrafts(db) },
  ]
  const looking = connectPrepared(databaseUrl, { name: 'tocsin engine look', max: 1 })
  const wakers = await wakeOnNotify(databaseUrl, ['activity', 'feed', 'due'])
  try {
    const look: Sweep = { name: 'look', everyMs: LOOK_MS, run: lookForDue(db, looking, sweeps, wakers) }
    await Promise.all(
      [look, ...sweeps].map((sweep) => runUntilStopped(sweep, { log, signal, metrics, wakers })),
    )
    await Promise.all([paging.settled(), telling.settled(), posting.settled()])
  } finally {
    await wakers.close()
    await looking.destroy()
  }
}
