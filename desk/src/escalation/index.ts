import type { Tx } from '../activity/index.ts'

export interface EscalationStart {
  ticketId: string
  policyId: string
}

/** No policy is in force yet: nobody is woken. */
export async function startEscalations(_tx: Tx, _starts: EscalationStart[]): Promise<void> {}

/** Ends what pages for these tickets. */
export async function endEscalations(
  _tx: Tx,
  _ticketIds: string[],
  _how: 'acknowledged' | 'stopped',
  _by?: string,
): Promise<void> {}
