import { z } from '@hono/zod-openapi'
import {
  acknowledgeWithAlerts,
  actorOf,
  assignWithAlerts,
  cancelTicket,
  type ChangeMove,
  closeTicket,
  DeskError,
  editTicket,
  fixProblem,
  found,
  LIFECYCLES,
  linkParent,
  linkByHand,
  type Move,
  moveChange,
  noteOnTicket,
  type Outcome,
  type PendingReason,
  pendTicket,
  publishWorkaround,
  type Reader,
  reopenTicket,
  replyToTicket,
  rerouteTicket,
  resolveParts,
  resolveTicket,
  resumeTicket,
  scopeOf,
  setStatus,
  startTicket,
  tagTicket,
  ticketVisible,
  transact,
  type Tx,
  unlinkParent,
  unlinkTickets,
  untagTicket,
  watchTicket,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { App, Deps, Resource } from '../../context.ts'
import { once } from '../../idempotency.ts'
import { body, Id, Instant, json, route } from '../../route.ts'
import { findTicket, type FoundTicket } from './find.ts'
import { CHANGE_VERBS } from './change-verbs.ts'
import { Outcome as OutcomeName } from './details.ts'
import { readTicket } from './get.ts'
import { DraftSpent, SAYING, spendDraft } from './say.ts'
import { MAJOR_VERBS } from './major-verbs.ts'
import { FieldAnswer, LinkKind, NumberParams, PendingReason as Reason, Ticket } from './schema.ts'
import { demandPlace, type Verb, verb } from './verb.ts'

const Nothing = z.strictObject({})
const Follower = z.strictObject({
  person_id: Id.optional().openapi({ description: 'another than me; for those who work on it' }),
})
const Step = z.strictObject({
  status_id: Id.optional().openapi({ description: 'a status of the state that the step leads to' }),
})
const Link = z.strictObject({ kind: LinkKind, number: NumberParams.shape.number })
const CHANGE_MOVES: [ChangeMove, string][] = [
  ['assess', 'Look at the risk and the plan of a change'],
  ['schedule', 'It is approved, or needs no approval: it will happen as planned'],
  ['implement', 'Carry it out'],
  ['review', 'It is done: look at what came of it'],
  ['revise', 'Back to its plan; approvals given are void'],
]

const SIMPLE = [
  verb({
    name: 'acknowledge',
    summary: 'Take notice; ends the escalation',
    permission: 'ticket.answer',
    input: Nothing,
    run: (tx, { id }) => acknowledgeWithAlerts(tx, { id }),
  }),
  verb({
    name: 'start',
    summary: 'Begin, or go on',
    permission: 'ticket.answer',
    input: Step,
    run: (tx, { id }, { status_id }) => startTicket(tx, { id, statusId: status_id }),
  }),
  verb({
    name: 'pend',
    summary: 'Wait for somebody; the clocks pause',
    permission: 'ticket.answer',
    input: Step.extend({
      reason: Reason.optional().openapi({ description: 'what it waits for, unless the status says so' }),
      until: Instant.nullable().optional().openapi({
        description: 'past this instant it counts as stalled; it goes on only when somebody says so',
      }),
    }),
    run: (tx, { id }, { reason, until, status_id }) =>
      pendTicket(tx, {
        id,
        reason: reason as PendingReason | undefined,
        statusId: status_id,
        until: typeof until === 'string' ? new Date(until) : until,
      }),
  }),
  verb({
    name: 'resume',
    summary: 'Go on after waiting',
    permission: 'ticket.answer',
    input: Step,
    run: (tx, { id }, { status_id }) => resumeTicket(tx, { id, statusId: status_id }),
  }),
  verb({
    name: 'resolve',
    summary: 'Say that it is solved, with a public word if you like',
    permission: 'ticket.answer',
    input: Step.extend({
      code: z.enum(['fixed', 'workaround', 'recovered', 'duplicate', 'not-reproducible']).optional(),
      reply: z.string().max(100_000).optional(),
      note: z.string().max(100_000).optional(),
      fields: z
        .record(z.string().max(100), FieldAnswer)
        .optional()
        .openapi({ description: 'answers that it takes, or that are known only now' }),
      discard_draft: DraftSpent,
      parts: z.boolean().optional().openapi({
        description: 'of a declared major incident: its open parts too, with the same public word',
      }),
    }),
    run: async (tx, { id }, { code, reply, note, fields, parts, status_id, discard_draft }, reader) => {
      if (fields) await editTicket(tx, { id, fields, locale: reader.person.locale })
      await spendDraft(tx, id, 'solution', discard_draft)
      if (parts) await resolveParts(tx, reader, { id, code, reply })
      if (note?.trim()) await noteOnTicket(tx, { id, body: note })
      if (reply?.trim()) await replyToTicket(tx, { id, body: reply })
      return resolveTicket(tx, { id, code, statusId: status_id })
    },
  }),
  verb({
    name: 'close',
    summary: 'Close what is resolved; a change after its review, with its outcome',
    permission: 'ticket.answer',
    input: Step.extend({ outcome: OutcomeName.optional() }),
    run: (tx, { id, kind }, { outcome, status_id: statusId }, reader) => {
      if (kind === 'change')
        return moveChange(tx, reader, { id, move: 'close', outcome: outcome as Outcome, statusId })
      if (outcome) throw new DeskError('invalid', 'Only a change has an outcome.')
      return closeTicket(tx, { id, statusId })
    },
  }),
  verb({
    name: 'fix',
    summary: 'The cause of a problem is known, its fix under way',
    permission: 'ticket.answer',
    input: Step,
    run: (tx, { id }, { status_id }) => fixProblem(tx, { id, statusId: status_id }),
  }),
  ...CHANGE_MOVES.map(([name, summary]) =>
    verb({
      name,
      summary,
      permission: 'ticket.work',
      input: Step,
      run: (tx, { id }, { status_id }, reader) =>
        moveChange(tx, reader, { id, move: name, statusId: status_id }),
    }),
  ),
  verb({
    name: 'publish-workaround',
    summary: 'Show a problem’s workaround beside its incidents; those that are open hear of it',
    permission: 'ticket.work',
    input: Nothing,
    run: (tx, { id }) => publishWorkaround(tx, { id, on: true }),
  }),
  verb({
    name: 'withdraw-workaround',
    summary: 'Show it no more',
    permission: 'ticket.work',
    input: Nothing,
    run: (tx, { id }) => publishWorkaround(tx, { id, on: false }),
  }),
  ...MAJOR_VERBS,
  verb({
    name: 'reopen',
    summary: 'It is not solved after all',
    permission: 'ticket.comment',
    also: 'requester',
    input: Step,
    run: (tx, { id, workable }, { status_id }) =>
      reopenTicket(tx, { id, byRequester: !workable, statusId: status_id }),
  }),
  verb({
    name: 'cancel',
    summary: 'It is not needed any more',
    permission: 'ticket.comment',
    also: 'requester',
    input: Step,
    run: (tx, { id, kind }, { status_id: statusId }, reader) =>
      kind === 'change'
        ? moveChange(tx, reader, { id, move: 'cancel', statusId })
        : cancelTicket(tx, { id, statusId }),
  }),
  verb({
    name: 'route',
    summary: 'Ask the routing rules again, as the ticket is now; 409 where none holds',
    permission: 'ticket.work',
    input: Nothing,
    run: (tx, { id }) => rerouteTicket(tx, { id }),
  }),
  verb({
    name: 'assign',
    summary: 'Hand to a team, a person, or both; taking it yourself acknowledges it',
    permission: 'ticket.work',
    input: z.strictObject({
      team_id: Id.nullable().optional(),
      assignee_id: Id.nullable().optional(),
      if_revision: z.int().min(1).optional().openapi({
        description: 'the revision that was seen: 412 when it has changed hands since; no check without',
      }),
    }),
    run: (tx, { id }, input) =>
      assignWithAlerts(tx, {
        id,
        teamId: input.team_id,
        assigneeId: input.assignee_id,
        ifRevision: input.if_revision,
      }),
  }),
  ...CHANGE_VERBS,
  ...SAYING,
  verb({
    name: 'status',
    summary: 'Give it a status of the state that it is in, or none; to another state it takes a step',
    permission: 'ticket.answer',
    input: z.strictObject({ status_id: Id.nullable() }),
    run: (tx, { id }, { status_id }) => setStatus(tx, { id, statusId: status_id }),
  }),
  verb({
    name: 'tag',
    summary: 'Put tags on it; they are kept in lower case, words joined by dashes',
    permission: 'ticket.answer',
    input: z.strictObject({ names: z.array(z.string().max(200)).min(1).max(20) }),
    run: (tx, { id }, { names }) => tagTicket(tx, { id, names }),
  }),
  verb({
    name: 'untag',
    summary: 'Take a tag away',
    permission: 'ticket.answer',
    input: z.strictObject({ name: z.string().max(200) }),
    run: (tx, { id }, { name }) => untagTicket(tx, { id, names: [name] }),
  }),
  verb({
    name: 'watch',
    summary: 'Follow it, or let somebody: who follows sees it, and hears of what is public',
    permission: 'ticket.read',
    also: 'reader',
    input: Follower,
    run: (tx, ticket, { person_id }) => watch(tx, ticket, person_id, true),
  }),
  verb({
    name: 'unwatch',
    summary: 'Follow it no more, or let somebody no more',
    permission: 'ticket.read',
    also: 'reader',
    input: Follower,
    run: (tx, ticket, { person_id }) => watch(tx, ticket, person_id, false),
  }),
]

/** Whoever works on a ticket says who else follows it; each says so of themself. */
async function watch(tx: Tx, { id, workable }: FoundTicket, person: string | undefined, on: boolean) {
  const personId = person ?? tx.actor.id!
  if (personId !== tx.actor.id && !workable)
    throw new DeskError('forbidden', 'Only those who work on this ticket say who else follows it.')
  if (on) await demandPerson(tx, personId)
  await watchTicket(tx, { id, personId, on })
}

async function demandPerson(tx: Tx, id: string): Promise<void> {
  const { rows } = await sql`select from person where id = ${id} and archived_at is null`.execute(tx.db)
  if (rows.length === 0)
    throw new DeskError('invalid', 'There is no such person.', {
      errors: [{ path: 'person_id', message: 'is nobody who is here' }],
    })
}

function addVerb<T extends z.ZodType>(app: App, { db }: Deps, declared: Verb<T>): void {
  const declaration = route(declared.permission, {
    method: 'post',
    path: `/tickets/{number}/${declared.name}`,
    summary: declared.summary,
    tags: ['Tickets'],
    request: {
      params: NumberParams,
      headers: z.object({ 'idempotency-key': z.string().max(200).optional() }),
      body: body(declared.input as unknown as typeof Nothing),
    },
    responses: { 200: json(Ticket, 'The ticket as it is now') },
  })
  app.openapi(declaration, async (c) => {
    const reader = c.get('reader')
    const { number } = c.req.valid('param')
    const ticket = await findTicket(db, reader, number)
    demandPlace(ticket, declared.also)
    demandMove(reader, ticket, declared.name as Move)
    const input = c.req.valid('json') as z.output<T> & z.output<typeof Step>
    if (input.status_id && !ticket.workable)
      throw new DeskError('forbidden', 'Only those who work on this ticket give it a status.')
    try {
      const given = c.req.valid('header')['idempotency-key']
      const key = given && `${number} ${declared.name} ${given}`
      await transact(db, actorOf(reader), (tx) =>
        once(tx, reader, key, input, async () => {
          await declared.run(tx, ticket, input, reader)
          return {}
        }),
      )
    } catch (error) {
      if (!(error instanceof DeskError) || error.code !== 'stale') throw error
      const current = await readTicket(db, reader, number)
      throw new DeskError('stale', error.message, { ...error.details, current })
    }
    return c.json(await readTicket(db, reader, number, { justActed: true }), 200)
  })
}

/** Who may make a move is a matter of the ticket's kind. */
function demandMove(reader: Reader, { life, workable }: FoundTicket, move: Move): void {
  const rule = LIFECYCLES[life][move]
  if (!rule) return
  if (!workable && !rule.requester)
    throw new DeskError('forbidden', 'Only those who work on this ticket may do that.')
  if (workable && rule.who === 'work' && !scopeOf(reader, 'ticket.work'))
    throw new DeskError(
      'forbidden',
      'Whoever is on call answers. This step is for those who plan and assign work.',
    )
}

/** What people do with a ticket. Each verb is one route; none needs If-Match. */
export const verbRoutes: Resource = (app, deps) => {
  for (const declared of SIMPLE) addVerb(app, deps, declared as unknown as Verb<z.ZodType>)

  for (const [name, run, runParent] of [
    ['link', linkByHand, linkParent],
    ['unlink', unlinkTickets, unlinkParent],
  ] as const) {
    const declaration = route('ticket.work', {
      method: 'post',
      path: `/tickets/{number}/${name}`,
      summary: name === 'link' ? 'Link to another ticket' : 'Take a link away',
      tags: ['Tickets'],
      request: { params: NumberParams, body: body(Link) },
      responses: { 200: json(Ticket, 'The ticket as it is now') },
    })
    app.openapi(declaration, async (c) => {
      const reader = c.get('reader')
      const { number } = c.req.valid('param')
      const input = c.req.valid('json')
      const ticket = await findTicket(deps.db, reader, number)
      demandPlace(ticket)
      const { rows } = await sql<{ id: string }>`
        select t.id from ticket t where t.number = ${input.number} and ${ticketVisible(reader)}`.execute(
        deps.db,
      )
      const other = found(rows[0], 'ticket to link to')
      await transact(deps.db, actorOf(reader), (tx) =>
        input.kind === 'parent'
          ? runParent(tx, { fromId: ticket.id, toId: other.id })
          : run(tx, { fromId: ticket.id, toId: other.id, kind: input.kind }),
      )
      return c.json(await readTicket(deps.db, reader, number), 200)
    })
  }
}
