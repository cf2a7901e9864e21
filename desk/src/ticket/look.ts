import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import type { TicketState } from './lifecycles.ts'
import { isOpen } from './state.ts'

interface Ticket {
  state: TicketState
  team_id: string | null
  assignee_id: string | null
}

interface Asked {
  /** Their queues have something new. */
  teams?: readonly (string | null)[]
  /** They can take more than before: where something waits in their teams, it is looked at again. */
  relieved?: readonly string[]
}

/**
 * Asks that somebody goes through the queues of teams that hand their tickets out. Only ever a row more, so that
 * whoever changes a ticket waits for no sweep; many rows of a team are one look.
 */
export async function askForLook(tx: Tx, { teams = [], relieved = [] }: Asked): Promise<void> {
  const named = [...new Set(teams.filter((id) => id !== null))]
  if (named.length === 0 && relieved.length === 0) return
  await sql`
    with asked as (
      insert into assignment_look (team_id, due_at)
      select a.team_id, ${tx.now} from team_assignment a
      where a.mode <> 'off' and (a.team_id = any(${named}::uuid[])
        or (exists (select from assignment_wait w where w.team_id = a.team_id)
            and a.team_id in (select g.team_id from role_grant g where g.person_id = any(${relieved}::uuid[]))))
      returning team_id)
    select pg_notify('due', 'assignments') from asked limit 1`.execute(tx.db)
}

/** Open, and waiting for nobody: what hands are asked for. */
const inHand = (state: TicketState): boolean => isOpen(state) && state !== 'pending'
const waits = ({ state, team_id, assignee_id }: Ticket): boolean =>
  team_id !== null && assignee_id === null && inHand(state)
const held = ({ state, assignee_id }: Ticket): string | null => (inHand(state) ? assignee_id : null)

interface Changed {
  before: Ticket
  after: Ticket
}

/** What a change of a ticket means for queues: it came to one, or somebody has a hand free. */
export const askAfterChange = (tx: Tx, before: Ticket, after: Ticket): Promise<void> =>
  askAfterChanges(tx, [{ before, after }])

export const askAfterChanges = (tx: Tx, changes: Changed[]): Promise<void> =>
  askForLook(tx, {
    teams: changes.flatMap(({ before, after }) =>
      waits(after) && (!waits(before) || before.team_id !== after.team_id) ? [after.team_id] : [],
    ),
    relieved: changes.flatMap(({ before, after }) =>
      before.assignee_id && held(before) !== held(after) ? [before.assignee_id] : [],
    ),
  })
