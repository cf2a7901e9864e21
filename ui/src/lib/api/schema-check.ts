import type { Recomputation } from '#lib/admin/policies.ts'
import type { FacetName } from '#lib/filter/grammar.ts'
import type { Column } from '#lib/ticket/columns.ts'
import type { ChangeAround, PlannedChange } from '#lib/ticket/planned-change.ts'
import type { SavedView } from '#lib/ticket/saved-view.ts'
import type { ExplainedClock, Message, StoryLine, TicketHealth, TicketPage } from '#lib/ticket/ticket-page.ts'
import type { components } from './api-schema.d.ts'
import type { Accounting, AlertLine, Me, SlaClock, Team, TicketLine } from './types.ts'

// The check of types fails here when the API no longer answers what the pages read. Where the document says
// "a string", the pages may know which strings; names in several languages are records there.

type Schemas = components['schemas']
type Loose<T> = T extends string
  ? string
  : T extends readonly (infer Item)[]
    ? Loose<Item>[]
    : T extends object
      ? { [Key in keyof T]: Loose<T[Key]> }
      : T
type Gives<Read, Answer extends Loose<Read>> = [Read, Answer]
type Offers<Shown, Answer extends Shown> = [Shown, Answer]

export type Checked = [
  Gives<Me, Schemas['Me']>,
  Gives<Team, Schemas['Team']>,
  Gives<Omit<TicketLine, 'service' | 'category' | 'status'>, Schemas['TicketLine']>,
  Gives<Omit<TicketPage, 'service' | 'category' | 'status' | 'statuses' | 'questions'>, Schemas['Ticket']>,
  Gives<TicketHealth, Schemas['TicketHealth']>,
  Gives<SlaClock, Schemas['SlaClock']>,
  Gives<ExplainedClock, Schemas['SlaClock']>,
  Gives<Omit<StoryLine, 'before' | 'after'>, Schemas['ActivityLine']>,
  Gives<Omit<PlannedChange, 'service'>, Schemas['PlannedChange']>,
  Gives<ChangeAround, Schemas['ChangeAround']>,
  Gives<Message, NonNullable<Schemas['Message']>>,
  Gives<AlertLine, Schemas['AlertLine']>,
  Gives<Accounting, Schemas['Accounting']>,
  Gives<SavedView, Schemas['TicketView']>,
  // The pages have words for each of these, and the API takes each that they offer.
  Offers<NonNullable<Schemas['TicketView']['columns']>[number], Column>,
  Offers<FacetName, Schemas['TicketOperator']>,
  Offers<Schemas['TicketOperator'], FacetName>,
  Gives<Recomputation, Schemas['SlaRecomputation']>,
  Offers<Recomputation['cause']['kind'], Schemas['SlaRecomputation']['cause']['kind']>,
]
