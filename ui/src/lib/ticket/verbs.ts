import { api } from '#lib/api/client.ts'
import type { Ref, TicketLine } from '#lib/api/types.ts'

/** What people do to tickets, one call each; they throw ApiProblem. */
const verb = (number: string, name: string, body?: Record<string, unknown>, key?: string) =>
  api.post<TicketLine | { ok: true }>(
    `/tickets/${number}/${name}`,
    body,
    key ? { 'idempotency-key': key } : undefined,
  )

const within = (status: string | undefined) => (status ? { status_id: status } : {})

export const acknowledge = (number: string) => verb(number, 'acknowledge')
export const assign = (
  number: string,
  to: { assignee_id?: string | null; team_id?: string | null; if_revision?: number },
) => verb(number, 'assign', to)
export const resolve = (
  number: string,
  body: {
    reply?: string
    note?: string
    code?: string
    parts?: boolean
    status_id?: string
    discard_draft?: boolean
    fields?: Record<string, unknown>
  } = {},
) => verb(number, 'resolve', body)
export const reopen = (number: string) => verb(number, 'reopen')
export const close = (number: string, outcome?: string, status?: string) =>
  verb(number, 'close', { ...(outcome && { outcome }), ...within(status) })
/** One step in the life of a ticket that asks for nothing beside. */
export const step = (number: string, name: string, status?: string) => verb(number, name, within(status))
export const cancel = (number: string, status?: string) => verb(number, 'cancel', within(status))
/** A status may say what is waited for. */
export const pend = (number: string, reason: string | undefined, status?: string, until?: string) =>
  verb(number, 'pend', { ...(reason && { reason }), ...within(status), ...(until && { until }) })
/** A status of the state that it is in, or none. */
export const status = (number: string, id: string | null) => verb(number, 'status', { status_id: id })
export const resume = (number: string) => verb(number, 'resume')

export const proposeMajor = (number: string, note?: string) =>
  verb(number, 'propose-major', note ? { note } : {})
export const declareMajor = (number: string, leadId: string, every?: number | null) =>
  verb(number, 'declare-major', {
    lead_id: leadId,
    ...(every !== undefined && { update_every_minutes: every }),
  })
export const updateMajor = (
  number: string,
  update: { title: string; affected: string; body: string; next_update_at: string | null },
) => verb(number, 'update-major', update)
export const chooseStakeholders = (number: string, people: readonly Ref[], teams: readonly Ref[]) =>
  verb(number, 'choose-stakeholders', {
    people: people.map(({ id }) => id),
    teams: teams.map(({ id }) => id),
  })
export const handMajor = (number: string, leadId: string) => verb(number, 'hand-major', { lead_id: leadId })
export const rejectMajor = (number: string, reason: string) => verb(number, 'reject-major', { reason })

/** Opens a problem for an incident, or for what recurs; or answers the one that is open for it. */
export const raiseProblem = (cause: { incident: string } | { service_id: string; symptom: string }) =>
  api.post<TicketLine>('/problems', cause)

/** Oneself, or somebody else. */
export const watch = (number: string, on: boolean, personId?: string) =>
  verb(number, on ? 'watch' : 'unwatch', personId ? { person_id: personId } : undefined)
export const page = (number: string, personId: string) =>
  api.post<{ id: string }>('/pages', { ticket: number, person_id: personId })
export const tag = (number: string, names: readonly string[]) => verb(number, 'tag', { names })
export const untag = (number: string, name: string) => verb(number, 'untag', { name })
export const unmerge = (number: string) => verb(number, 'unmerge')
export const link = (number: string, kind: string, other: string) =>
  verb(number, 'link', { kind, number: other })
export const unlink = (number: string, kind: string, other: string) =>
  verb(number, 'unlink', { kind, number: other })

/** Runs one call for each of many tickets, a few at a time; answers those that went through. */
export async function forEach<T>(items: readonly T[], call: (item: T) => Promise<unknown>): Promise<T[]> {
  const done: T[] = []
  const queue = [...items]
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      const current = item
      // oxlint-disable-next-line no-await-in-loop -- a worker takes its next item after the last
      const ok = await call(current).then(
        () => true,
        () => false,
      )
      if (ok) done.push(current)
    }
  }
  await Promise.all(Array.from({ length: 6 }, worker))
  return done
}

/** What goes with words: their files, whom they name, and the draft that they were. */
export interface Beside {
  attachment_ids?: readonly string[]
  mentions?: readonly string[]
  discard_draft?: boolean
}

/** Under a key it is said once, however often it is sent. */
export const say = (number: string, kind: 'reply' | 'note', body: string, beside: Beside, key: string) =>
  verb(number, kind, { body, ...beside }, key)
