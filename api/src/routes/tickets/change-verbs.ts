import { z } from '@hono/zod-openapi'
import { askApproval, DeskError, dropTemplate, keepTemplate, type Tx } from '@tocsin/desk'
import { ApprovalAsked } from './details.ts'
import type { FoundTicket } from './find.ts'
import { verb } from './verb.ts'

const Approvals = z.strictObject({ approvals: z.array(ApprovalAsked).min(1).max(10) })
const ask = (tx: Tx, { id }: FoundTicket, { approvals }: z.output<typeof Approvals>) =>
  askApproval(tx, { id, asked: approvals })

/** Approvals of changes and requests, and what changes are planned after. */
export const CHANGE_VERBS = [
  verb({
    name: 'authorize',
    summary: 'Ask for the approvals of a change; of an emergency afterwards too. All of them must be given',
    permission: 'ticket.work',
    input: Approvals,
    run: async (tx, ticket, input) => {
      if (ticket.kind !== 'change')
        throw new DeskError('conflict', 'This is a step of a change: ask-approval asks of a request.')
      await ask(tx, ticket, input)
    },
  }),
  verb({
    name: 'ask-approval',
    summary: 'Ask for approvals of a request: all of them must be given before it is resolved as done',
    permission: 'ticket.work',
    input: Approvals,
    run: async (tx, ticket, input) => {
      if (ticket.kind !== 'request')
        throw new DeskError('conflict', 'Only a request is asked about so. A change is authorized.')
      await ask(tx, ticket, input)
    },
  }),
  verb({
    name: 'keep-template',
    summary: 'Let other changes be planned after this standard change, under a name',
    permission: 'ticket.work',
    input: z.strictObject({ name: z.string().trim().min(1).max(120) }),
    run: (tx, { id }, { name }) => keepTemplate(tx, { id, name }),
  }),
  verb({
    name: 'drop-template',
    summary: 'Let no other change be planned after it any more',
    permission: 'ticket.work',
    input: z.strictObject({}),
    run: (tx, { id }) => dropTemplate(tx, { id }),
  }),
]
