import { z } from '@hono/zod-openapi'
import { OUTCOMES, RISK_POINTS, RISKS } from '@tocsin/desk'
import { sql } from 'kysely'
import { Id, Instant } from '../../route.ts'

const text = z.string().trim().max(20_000).nullable()
export const ChangeType = z.enum(['standard', 'normal', 'emergency'])
export const RiskAnswers = z
  .strictObject(
    Object.fromEntries(Object.keys(RISK_POINTS).map((key) => [key, z.boolean().optional()])) as Record<
      keyof typeof RISK_POINTS,
      z.ZodOptional<z.ZodBoolean>
    >,
  )
  .openapi('RiskAnswers')
const Risk = z.enum(RISKS as [string, ...string[]])
export const Outcome = z.enum(OUTCOMES as [string, ...string[]])

/** What people may set of a problem and of a change. */
export const ProblemEdit = z.strictObject({
  root_cause: text.optional(),
  workaround: text.optional(),
  known_error: z.boolean().optional(),
  quiet_days: z.number().int().min(0).max(365).nullable().optional(),
})
export const ChangeEdit = z.strictObject({
  type: ChangeType.optional(),
  risk: Risk.nullable().optional().openapi({ description: 'absent beside answers: worked out from them' }),
  risk_answers: RiskAnswers.nullable().optional(),
  risk_reason: text.optional(),
  implementation_plan: text.optional(),
  backout_plan: text.optional(),
  test_plan: text.optional(),
  planned_start: Instant.nullable().optional(),
  planned_end: Instant.nullable().optional(),
  service_ids: z.array(Id).max(50).optional().openapi({ description: 'touched beside the ticket’s own' }),
  ci_ids: z.array(Id).max(200).optional(),
  quiet: z.boolean().optional().openapi({ description: 'keeps what it touches quiet meanwhile' }),
})

export const Problem = z
  .object({
    root_cause: z.string().nullable(),
    workaround: z.string().nullable(),
    known_error_at: Instant.nullable(),
    published_at: Instant.nullable(),
    quiet_days: z.number().nullable(),
    quiet: z
      .object({ incident: z.string(), days: z.number(), until: Instant })
      .nullable()
      .openapi({ description: 'the incident that keeps it from closing, and until when; null: quiet' }),
  })
  .nullable()
  .openapi('ProblemOfTicket')

const Named = z.object({ id: Id, name: z.string() })
const rule = z.enum(['any', 'all']).default('all')
/** Whom an approval is to ask. */
export const ApprovalAsked = z.union([
  z.strictObject({ rule, people: z.array(Id).min(1).max(50) }),
  z.strictObject({ rule, team_id: Id.openapi({ description: 'its managers' }) }),
])
export const Approval = z
  .object({
    id: Id,
    rule: z.enum(['any', 'all']),
    state: z.enum(['open', 'approved', 'rejected', 'withdrawn']),
    team: Named.nullable(),
    asked_at: Instant,
    decided_at: Instant.nullable(),
    approvers: z.array(
      Named.extend({
        decision: z.enum(['approved', 'rejected']).nullable(),
        comment: z.string().nullable(),
        decided_at: Instant.nullable(),
        instead_of: Named.nullable().openapi({ description: 'who was asked first, and handed it on' }),
      }),
    ),
  })
  .openapi('Approval')
export const Change = z
  .object({
    type: ChangeType,
    risk: Risk.nullable(),
    risk_answers: z.record(z.string(), z.boolean()).nullable(),
    risk_reason: z.string().nullable(),
    implementation_plan: z.string().nullable(),
    backout_plan: z.string().nullable(),
    test_plan: z.string().nullable(),
    planned_start: Instant.nullable(),
    planned_end: Instant.nullable(),
    services: z.array(z.object({ id: Id, key: z.string(), name: z.record(z.string(), z.string()) })),
    cis: z.array(Named),
    quiet: z.boolean(),
    approved_at: Instant.nullable(),
    implemented_at: Instant.nullable(),
    ended_at: Instant.nullable(),
    outcome: Outcome.nullable(),
    approvals: z.array(Approval),
    template: z
      .string()
      .nullable()
      .openapi({ description: 'the name under which others are planned after it' }),
  })
  .nullable()
  .openapi('ChangeOfTicket')

export const KnownError = z.object({
  number: z.string(),
  title: z.string(),
  workaround: z.string(),
  published_at: Instant,
})

// Over `ticket t` with `workable`: those who work on it see it, nobody else.
export const at = (column: string) =>
  sql`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
export const PROBLEM = sql`(select jsonb_build_object('root_cause', p.root_cause, 'workaround', p.workaround,
    'known_error_at', ${at('p.known_error_at')}, 'published_at', ${at('p.published_at')}, 'quiet_days', p.quiet_days)
  from problem p where p.ticket_id = t.id and t.workable)`
/** Over `approval a`. */
export const APPROVAL = sql`jsonb_build_object('id', a.id, 'rule', a.rule, 'state', a.state,
  'team', (select jsonb_build_object('id', m.id, 'name', m.name) from team m where m.id = a.team_id),
  'asked_at', ${at('a.asked_at')}, 'decided_at', ${at('a.decided_at')},
  'approvers', (select jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'decision', v.decision,
      'comment', v.comment, 'decided_at', ${at('v.decided_at')},
      'instead_of', case when f.id is not null then jsonb_build_object('id', f.id, 'name', f.name) end) order by p.name, p.id)
    from approver v join person p on p.id = v.person_id left join person f on f.id = v.asked_first where v.approval_id = a.id))`
export const CHANGE = sql`(select jsonb_build_object('type', c.type, 'risk', c.risk, 'risk_answers', c.risk_answers,
    'risk_reason', c.risk_reason, 'implementation_plan', c.implementation_plan, 'backout_plan', c.backout_plan,
    'test_plan', c.test_plan, 'planned_start', ${at('c.planned_start')}, 'planned_end', ${at('c.planned_end')},
    'services', coalesce((select jsonb_agg(jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) order by s.key)
                          from service s where s.id = any(c.service_ids)), '[]'),
    'cis', coalesce((select jsonb_agg(jsonb_build_object('id', i.id, 'name', i.name) order by i.name)
                     from configuration_item i where i.id = any(c.ci_ids)), '[]'),
    'quiet', c.quiet, 'approved_at', ${at('c.approved_at')}, 'implemented_at', ${at('c.implemented_at')},
    'ended_at', ${at('c.ended_at')}, 'outcome', c.outcome,
    'template', (select x.name from change_template x where x.ticket_id = c.ticket_id and x.archived_at is null),
    'approvals', coalesce((select jsonb_agg(${APPROVAL} order by a.asked_at, a.id)
                           from approval a where a.ticket_id = t.id and a.state <> 'withdrawn'), '[]'))
  from change_plan c where c.ticket_id = t.id and t.workable)`
/** Of a request that needs one: for those who work on it, and whoever asked. */
export const RequestApproval = z
  .object({ needed_at: Instant, approved_at: Instant.nullable(), approvals: z.array(Approval) })
  .nullable()
  .openapi('ApprovalOfRequest')
export const REQUEST_APPROVAL = sql`(select jsonb_build_object('needed_at', ${at('r.needed_at')},
    'approved_at', ${at('r.approved_at')},
    'approvals', coalesce((select jsonb_agg(${APPROVAL} order by a.asked_at, a.id)
                           from approval a where a.ticket_id = t.id and a.state <> 'withdrawn'), '[]'))
  from request_approval r where r.ticket_id = t.id and (t.workable or t.own))`
/** Workarounds published by the problems that an incident is linked to. */
export const KNOWN_ERRORS = sql`coalesce((select jsonb_agg(jsonb_build_object('number', k.number, 'title', k.title,
    'workaround', p.workaround, 'published_at', ${at('p.published_at')}) order by p.published_at desc)
  from ticket_link l join ticket k on k.id = l.to_id join problem p on p.ticket_id = k.id
  where l.from_id = t.id and l.kind = 'caused_by' and l.removed_at is null and t.workable
    and p.published_at is not null and p.workaround is not null and not k.confidential
    and k.state not in ('closed', 'cancelled')), '[]')`
