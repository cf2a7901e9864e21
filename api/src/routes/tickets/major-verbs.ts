import { z } from '@hono/zod-openapi'
import {
  chooseStakeholders,
  declareMajor,
  handMajor,
  proposeMajor,
  rejectMajor,
  UPDATE_EVERY,
  updateMajor,
} from '@tocsin/desk'
import { Id, Instant } from '../../route.ts'
import { verb } from './verb.ts'

const Note = z.string().trim().min(1).max(2000)
const Every = z
  .number()
  .int()
  .min(5)
  .max(1440)
  .nullable()
  .openapi({
    description: `minutes between updates; null: none is asked for; absent: by priority, ${Object.entries(
      UPDATE_EVERY,
    )
      .map(([priority, minutes]) => `${priority} ${minutes}`)
      .join(', ')}`,
  })

export const MAJOR_VERBS = [
  verb({
    name: 'propose-major',
    summary: 'Propose an incident as a major one, with a note why if you like',
    permission: 'ticket.answer',
    input: z.strictObject({ note: Note.optional() }),
    run: (tx, { id }, { note }) => proposeMajor(tx, { id, note }),
  }),
  verb({
    name: 'declare-major',
    summary: 'Declare what was proposed a major incident, and who leads; 409 where somebody did already',
    permission: 'ticket.work',
    input: z.strictObject({
      lead_id: Id,
      note: Note.optional(),
      update_every_minutes: Every.optional(),
    }),
    run: (tx, { id }, { lead_id, note, update_every_minutes }) =>
      declareMajor(tx, { id, leadId: lead_id, note, updateEvery: update_every_minutes }),
  }),
  verb({
    name: 'hand-major',
    summary: 'Another leads the major incident from now on',
    permission: 'ticket.work',
    input: z.strictObject({ lead_id: Id }),
    run: (tx, { id }, { lead_id }) => handMajor(tx, { id, leadId: lead_id }),
  }),
  verb({
    name: 'reject-major',
    summary: 'It is no major incident, or was declared one in error; the reason becomes a note',
    permission: 'ticket.work',
    input: z.strictObject({ reason: Note }),
    run: (tx, { id }, { reason }) => rejectMajor(tx, { id, note: reason }),
  }),
  verb({
    name: 'update-major',
    summary:
      'Tell people outside the desk how a declared major incident stands: by mail, and on the portal until it is solved',
    permission: 'ticket.answer',
    input: z.strictObject({
      title: z
        .string()
        .trim()
        .min(1)
        .max(200)
        .openapi({ description: 'shown in place of the ticket’s title' }),
      affected: z.string().trim().min(1).max(500),
      body: z.string().trim().min(1).max(10_000),
      next_update_at: Instant.nullable().optional().openapi({
        description: 'when the next one is promised; null: none; absent: as often as was declared',
      }),
    }),
    run: (tx, { id }, { next_update_at: next, ...words }) =>
      updateMajor(tx, { id, ...words, nextAt: typeof next === 'string' ? new Date(next) : next }),
  }),
  verb({
    name: 'choose-stakeholders',
    summary: 'Who hears of a declared major incident by mail, beside those who follow it; the whole list',
    permission: 'ticket.answer',
    input: z.strictObject({ people: z.array(Id).max(200), teams: z.array(Id).max(50) }),
    run: (tx, { id }, { people, teams }) => chooseStakeholders(tx, { id, people, teams }),
  }),
]
