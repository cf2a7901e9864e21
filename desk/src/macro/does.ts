import { sql } from 'kysely'
import { z } from 'zod'
import { DeskError, type Tx } from '../activity/index.ts'
import { demandVariables } from '../canned/index.ts'
import { demandCategory } from '../category/index.ts'
import { PENDING_REASONS } from '../ticket/index.ts'
import { normaliseTag } from '../tag/index.ts'

const MACRO_MOVES = [
  'acknowledge',
  'start',
  'pend',
  'resume',
  'resolve',
  'close',
  'reopen',
  'cancel',
] as const
const RESOLUTION_CODES = ['fixed', 'workaround', 'recovered', 'duplicate', 'not-reproducible'] as const

const Words = z.string().trim().min(1).max(20_000)
const Level = z.enum(['high', 'medium', 'low'])
const Tags = z.array(z.string().max(200)).min(1).max(20)

/** What a macro does to a ticket. Whatever their order here, its parts are carried out in one and the same. */
export const Does = z.strictObject({
  reply: Words.optional(),
  note: Words.optional(),
  move: z
    .strictObject({
      name: z.enum(MACRO_MOVES),
      reason: z.enum(PENDING_REASONS as [string, ...string[]]).optional(),
      code: z.enum(RESOLUTION_CODES).optional(),
    })
    .optional(),
  impact: Level.optional(),
  urgency: Level.optional(),
  team_id: z.uuid().nullable().optional(),
  assignee: z.union([z.literal('me'), z.uuid(), z.null()]).optional(),
  category_id: z.uuid().nullable().optional(),
  add_tags: Tags.optional(),
  remove_tags: Tags.optional(),
})
export type Does = z.infer<typeof Does>

/** What it needs the right to plan and assign for, beside answering. */
export const plans = (does: Does): boolean =>
  [does.impact, does.urgency, does.team_id, does.assignee, does.category_id].some(
    (part) => part !== undefined,
  )

/** Refuses what could never be carried out, naming the part. */
export async function checkDoes(tx: Tx, does: Does): Promise<void> {
  if (Object.values(does).every((part) => part === undefined)) refuse('does', 'says nothing to do')
  for (const box of ['reply', 'note'] as const) if (does[box]) demandVariables(does[box], `does.${box}`)
  if (does.move?.name === 'pend' && !does.move.reason) refuse('does.move.reason', 'is required')
  if (does.move && does.move.name !== 'pend' && does.move.reason)
    refuse('does.move.reason', 'only a step to pending has one')
  if (does.move && does.move.name !== 'resolve' && does.move.code)
    refuse('does.move.code', 'only resolving has one')
  for (const part of ['add_tags', 'remove_tags'] as const)
    for (const [place, name] of (does[part] ?? []).entries()) normaliseTag(name, `does.${part}.${place}`)
  if (does.category_id) await demandCategory(tx, does.category_id)
  const { rows } = await sql<{ team: boolean; person: boolean }>`
    select ${does.team_id ?? null}::uuid is null
        or exists (select from team where id = ${does.team_id ?? null}::uuid and archived_at is null) as team,
      ${personOf(does)}::uuid is null
        or exists (select from person where id = ${personOf(does)}::uuid and archived_at is null) as person`.execute(
    tx.db,
  )
  if (!rows[0]!.team) refuse('does.team_id', 'is no team')
  if (!rows[0]!.person) refuse('does.assignee', 'is no person')
}

const personOf = ({ assignee }: Does) => (assignee && assignee !== 'me' ? assignee : null)

function refuse(path: string, message: string): never {
  throw new DeskError('invalid', 'The macro cannot be like this.', { errors: [{ path, message }] })
}
