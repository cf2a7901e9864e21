import { z } from '@hono/zod-openapi'
import {
  actorOf,
  checkTicketFields,
  DeskError,
  type Details,
  demand,
  demandCategory,
  demandInTeam,
  demandTeam,
  editTicket,
  editWithWindows,
  openTickets,
  type PlanEdit,
  scopeOf,
  transact,
} from '@tocsin/desk'
import type { Resource } from '../../context.ts'
import { once } from '../../idempotency.ts'
import { body, Id, json, route } from '../../route.ts'
import { ChangeEdit, ProblemEdit } from './details.ts'
import { findTicket } from './find.ts'
import { readTicket } from './get.ts'
import { FieldAnswer, Impact, Kind, NumberParams, Ticket, Title } from './schema.ts'

const Create = z.strictObject({
  kind: Kind,
  title: Title,
  description: z.string().max(100_000).optional(),
  impact: Impact.optional(),
  urgency: Impact.optional(),
  service_id: Id.nullable().optional(),
  team_id: Id.nullable().optional(),
  assignee_id: Id.nullable().optional(),
  requester_id: Id.optional(),
  ci_id: Id.nullable().optional(),
  category_id: Id.nullable().optional(),
  symptom_key: z.string().max(200).nullable().optional(),
  confidential: z.boolean().optional(),
  problem: ProblemEdit.optional(),
  change: ChangeEdit.optional(),
  fields: z.record(z.string().max(100), FieldAnswer).optional(),
})
const create = route('ticket.create', {
  method: 'post',
  path: '/tickets',
  summary: 'Open a ticket. Employees open their own; the desk opens for anybody',
  tags: ['Tickets'],
  request: { body: body(Create), headers: z.object({ 'idempotency-key': z.string().max(255).optional() }) },
  responses: { 201: json(Ticket, 'Opened') },
})

const Edit = z.strictObject({
  title: Title.optional(),
  description: z.string().max(100_000).optional(),
  impact: Impact.optional(),
  urgency: Impact.optional(),
  service_id: Id.nullable().optional(),
  ci_id: Id.nullable().optional(),
  category_id: Id.nullable().optional(),
  symptom_key: z.string().max(200).nullable().optional(),
  requester_id: Id.nullable().optional(),
  confidential: z.boolean().optional(),
  problem: ProblemEdit.optional(),
  change: ChangeEdit.optional(),
  fields: z.record(z.string().max(100), FieldAnswer).optional().openapi({ description: 'those to change' }),
})
const edit = route('ticket.work', {
  method: 'patch',
  path: '/tickets/{number}',
  summary: 'Edit; If-Match holds the revision that was seen, and 412 shows both sides',
  tags: ['Tickets'],
  request: { params: NumberParams, headers: z.object({ 'if-match': z.string().max(40) }), body: body(Edit) },
  responses: { 200: json(Ticket, 'The ticket as it is now') },
})

/** A problem's and a change's own, as the desk takes them. */
function detailsOf({ problem, change }: z.output<typeof Edit>): Details {
  const instant = (at: string | null | undefined) => (at ? new Date(at) : at === null ? null : undefined)
  return {
    problem,
    change: change && {
      ...(change as PlanEdit),
      planned_start: instant(change.planned_start),
      planned_end: instant(change.planned_end),
    },
  }
}

export const createRoutes: Resource = (app, { db }) => {
  app.openapi(create, async (c) => {
    const reader = c.get('reader')
    const input = c.req.valid('json')
    const atDesk = scopeOf(reader, 'ticket.create') === 'all'
    if (!atDesk && (input.requester_id ?? reader.person.id) !== reader.person.id)
      throw new DeskError('forbidden', 'You can open tickets for yourself.')
    if (!atDesk && (input.assignee_id || input.team_id || input.impact || input.urgency))
      throw new DeskError('forbidden', 'Team, assignee, impact and urgency are set by the desk.')
    if (input.kind === 'problem' || input.kind === 'change') demand(reader, 'ticket.work')
    const details = detailsOf(input)
    if (input.confidential && !atDesk) demandInTeam(reader, 'ticket.work', null)
    const { number } = await transact(db, actorOf(reader), (tx) =>
      once(tx, reader, c.req.valid('header')['idempotency-key'], input, async () => {
        if (input.category_id) await demandCategory(tx, input.category_id)
        const fields = await checkTicketFields(tx, {
          kind: input.kind,
          categoryId: input.category_id ?? null,
          given: input.fields ?? {},
          locale: reader.person.locale,
          employee: !atDesk,
        })
        const [opened] = await openTickets(tx, [
          {
            kind: input.kind,
            title: input.title,
            description: input.description,
            impact: input.impact ?? 'low',
            urgency: input.urgency ?? 'medium',
            channel: c.req.header('authorization') ? 'api' : atDesk ? 'desk' : 'portal',
            serviceId: input.service_id,
            teamId: input.team_id,
            assigneeId: input.assignee_id,
            requesterId: input.requester_id ?? (atDesk ? null : reader.person.id),
            reporterId: reader.person.id,
            ciId: input.ci_id,
            categoryId: input.category_id,
            symptomKey: input.symptom_key,
            confidential: input.confidential,
            changeType: details.change?.type,
            fields,
          },
        ])
        if (input.team_id && opened!.teamId !== input.team_id) demandTeam(new Set(), input.team_id)
        if (details.problem ?? details.change) await editTicket(tx, { id: opened!.id, ...details })
        return { number: opened!.number }
      }),
    )
    c.header('location', `/api/v1/tickets/${number}`)
    return c.json(await readTicket(db, reader, number), 201)
  })

  app.openapi(edit, async (c) => {
    const reader = c.get('reader')
    const { number } = c.req.valid('param')
    const revision = /^(?:W\/)?"(\d{1,9})"$/.exec(c.req.valid('header')['if-match'])?.[1]
    if (!revision)
      throw new DeskError('invalid', 'If-Match holds the revision in quotes, as the ETag gave it.')
    const input = c.req.valid('json')
    const ticket = await findTicket(db, reader, number)
    if (!ticket.workable) throw new DeskError('forbidden', 'Only those who work on this ticket may do that.')
    try {
      await transact(db, actorOf(reader), (tx) =>
        editWithWindows(tx, reader, {
          id: ticket.id,
          ifRevision: Number(revision),
          title: input.title,
          description: input.description,
          impact: input.impact,
          urgency: input.urgency,
          serviceId: input.service_id,
          ciId: input.ci_id,
          categoryId: input.category_id,
          symptomKey: input.symptom_key,
          requesterId: input.requester_id,
          confidential: input.confidential,
          ...detailsOf(input),
          fields: input.fields,
          locale: reader.person.locale,
        }),
      )
    } catch (error) {
      if (error instanceof DeskError && error.code === 'stale')
        throw new DeskError('stale', error.message, {
          ...error.details,
          current: await readTicket(db, reader, number),
        })
      throw error
    }
    const now = await readTicket(db, reader, number)
    c.header('etag', `"${now.revision}"`)
    return c.json(now, 200)
  })
}
