import { z } from 'zod'
import { PENDING_REASONS } from '../ticket/index.ts'

const grade = z.enum(['high', 'medium', 'low'])
const Text = z.string().trim().min(1).max(4_000)
const Answer = z.union([
  z.string().max(10_000),
  z.number(),
  z.boolean(),
  z.array(z.string().max(120)).max(200),
  z.null(),
])
const MOST_FIELDS = 20

const RULE_MOVES = ['acknowledge', 'start', 'pend', 'resume', 'resolve', 'close', 'reopen', 'cancel'] as const
export type RuleMove = (typeof RULE_MOVES)[number]

/** What a rule does to a ticket, by the verbs that people use. */
export const RuleAction = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('set'),
    impact: grade.optional(),
    urgency: grade.optional(),
    service_id: z.uuid().optional(),
    category_id: z.uuid().optional(),
    confidential: z.boolean().optional(),
    /** Answers to custom fields by their key; null takes one away. */
    fields: z
      .record(z.string().max(40), Answer)
      .refine((fields) => Object.keys(fields).length <= MOST_FIELDS, {
        message: `at most ${MOST_FIELDS} at a time`,
      })
      .optional(),
  }),
  z.strictObject({ do: z.literal('assign'), team_id: z.uuid().nullable(), assignee_id: z.uuid().nullable() }),
  z.strictObject({ do: z.literal('route') }),
  z.strictObject({
    do: z.literal('move'),
    move: z.enum(RULE_MOVES),
    reason: z.enum(PENDING_REASONS as [string, ...string[]]).optional(),
  }),
  z.strictObject({ do: z.literal('status'), status_id: z.uuid() }),
  z.strictObject({ do: z.literal('tag'), names: z.array(z.string().trim().min(1).max(60)).min(1).max(10) }),
  z.strictObject({ do: z.literal('untag'), name: z.string().trim().min(1).max(60) }),
  z.strictObject({ do: z.literal('checklist'), template_id: z.uuid() }),
  z.strictObject({ do: z.literal('watch'), person_ids: z.array(z.uuid()).min(1).max(20) }),
  z.strictObject({ do: z.literal('note'), text: Text }),
  z.strictObject({ do: z.literal('reply'), text: Text }),
  z.strictObject({
    do: z.literal('tell'),
    person_ids: z.array(z.uuid()).max(20),
    team_ids: z.array(z.uuid()).max(20),
    text: Text,
  }),
  z.strictObject({ do: z.literal('page'), policy_id: z.uuid() }),
  z.strictObject({
    do: z.literal('open'),
    kind: z.enum(['incident', 'request', 'problem', 'change']),
    title: z.string().trim().min(1).max(300),
    text: z.string().trim().max(4_000),
    link: z.enum(['caused_by', 'blocks', 'relates']),
  }),
  z.strictObject({ do: z.literal('call'), webhook_id: z.uuid() }),
])
export type RuleAction = z.infer<typeof RuleAction>
