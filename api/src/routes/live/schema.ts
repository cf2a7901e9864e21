import { z } from '@hono/zod-openapi'
import { AGES } from '@tocsin/desk'
import { Id, Instant } from '../../route.ts'
import { Kind, PendingReason, Priority, State } from '../tickets/schema.ts'

export const tags = ['Live view']
export const format = z.enum(['json', 'csv']).default('json')
export const team = Id.optional().openapi({ description: 'of this team only' })
export const limit = z.coerce.number().int().min(1).max(500).default(50)
/** As JSON, or for a spreadsheet. */
export const either = <T extends z.ZodType>(schema: T, description: string) => ({
  200: { description, content: { 'application/json': { schema }, 'text/csv': { schema: z.string() } } },
})
const Named = z.object({ id: Id, name: z.string() })

export const Open = z
  .object({
    as_of: Instant,
    ages: z
      .array(z.string())
      .openapi({ description: 'bounds of the age, the youngest first', example: [...AGES] }),
    cells: z.array(
      z.object({
        state: State,
        priority: Priority,
        team: Named.nullable(),
        age: z.int().openapi({ description: 'how many of the bounds lie behind' }),
        count: z.number(),
      }),
    ),
  })
  .openapi('OpenNow')

const Group = z.object({
  kind: Kind,
  priority: Priority.nullable(),
  team: Named.nullable(),
  service: z.object({ id: Id, name: z.record(z.string(), z.string()) }).nullable(),
  n: z.number(),
  broke: z.number(),
  odds: z.number().nullish().openapi({
    description: 'what the odds are with this group and the wider ones; absent in odds of an earlier version',
  }),
})
const Ticket = z.object({
  number: z.string(),
  title: z.string(),
  kind: Kind,
  state: State,
  priority: Priority,
  team: Named.nullable(),
  assignee: Named.nullable(),
  revision: z.number(),
})
export const Foretold = Ticket.extend({
  target: z.enum(['response', 'resolution']),
  due_at: Instant,
  used: z.number().openapi({ description: 'share of the target that is used' }),
  odds: z.number().nullable().openapi({
    description: 'that it breaks its promise; null: no like ticket was still open at this point',
  }),
  like: Group.nullable().openapi({
    description: 'the like tickets that the odds are told by: those that were still open with as much used',
  }),
  groups: z.array(Group).openapi({ description: 'all that went into the odds, the widest first' }),
})
export const Outlook = z
  .object({
    as_of: Instant,
    model: z.int(),
    due: z.number(),
    expected: z.number().openapi({ description: 'the sum of the odds' }),
    unknown: z.number().openapi({ description: 'of those due, for how many there are no odds' }),
    items: z.array(Foretold),
  })
  .openapi('Outlook')

const judged = {
  n: z.number(),
  brier: z
    .number()
    .nullable()
    .openapi({ description: 'mean squared distance of odds and outcome; 0 is perfect' }),
  base_rate: z.number().nullable(),
  skill: z.number().nullable().openapi({
    description: 'how much better than whoever always says the base rate: 1 perfect, 0 no better',
  }),
  few: z.boolean().openapi({ description: 'too few to judge by' }),
}
export const HeldOdds = z
  .object({
    from: Instant,
    to: Instant,
    ...judged,
    reference: z
      .number()
      .nullable()
      .openapi({ description: 'the score of whoever always says the base rate' }),
    open: z.number().openapi({ description: 'foretold, the outcome not known yet' }),
    void: z.number().openapi({ description: 'nobody owed it in the end' }),
    back_tested: z.number().openapi({
      description: 'of those scored, computed afterwards from no more than was known at their instant',
    }),
    bins: z.array(
      z.object({
        from: z.number(),
        to: z.number(),
        n: z.number(),
        foretold: z.number(),
        happened: z.number(),
        low: z.number().openapi({ description: 'where the true share lies, with 95 % confidence' }),
        high: z.number(),
      }),
    ),
    months: z.array(z.object({ at: z.string().openapi({ example: '2026-11' }), ...judged })),
  })
  .openapi('HeldOdds')

export const Stalled = z
  .object({
    as_of: Instant,
    count: z.number(),
    items: z.array(
      Ticket.extend({
        pending_reason: PendingReason.nullable(),
        code: z.enum(['nobody', 'overslept', 'untouched', 'waiting']).openapi({
          description:
            'nobody: no team and no assignee; overslept: past the instant until which it was to wait; untouched, waiting: for longer than is usual for like tickets, or than its team allows',
        }),
        since: Instant,
        allowed_ms: z.number().nullable(),
        n: z
          .number()
          .nullable()
          .openapi({ description: 'like tickets that this is read from; null: set by the team' }),
      }),
    ),
  })
  .openapi('Stalled')

const InHand = z.object({
  number: z.string(),
  title: z.string(),
  kind: Kind,
  state: State,
  priority: Priority,
  created_at: Instant,
  due_at: Instant.nullable(),
  revision: z.number(),
  team_id: Id.nullable(),
})
export const Board = z
  .object({
    as_of: Instant,
    cap: z.number().nullable().openapi({ description: 'open tickets that one person may hold, by the team' }),
    hands: z.array(
      z.object({
        member: z
          .object({
            person: Named,
            cap: z.number().nullable(),
            load: z.number(),
            unavailable: z
              .object({
                code: z.enum(['exempt', 'away', 'off_shift', 'full']),
                until: Instant.nullable().optional(),
                open: z.number().optional(),
                cap: z.number().optional(),
              })
              .nullable()
              .openapi({ description: 'why the desk would give them nothing now' }),
          })
          .nullable()
          .openapi({ description: 'null: the queue, which nobody has' }),
        open: z.number(),
        by_priority: z.partialRecord(Priority, z.number()),
        oldest_at: Instant.nullable(),
        next: z.array(InHand).openapi({ description: 'what is next for them, as far as you may see it' }),
      }),
    ),
  })
  .openapi('Board')
