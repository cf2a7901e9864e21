import { goto } from '$app/navigation'
import { attempt } from '#lib/api/attempt.ts'
import { api } from '#lib/api/client.ts'
import { toasts } from '#lib/frame/toasts.svelte.ts'
import { m } from '#lib/paraglide/messages.js'
import { actionsFor } from '#lib/ticket/actions.ts'
import type { TicketLink, TicketPage } from '#lib/ticket/ticket-page.ts'
import * as verbs from '#lib/ticket/verbs.ts'
import type { Settable } from './set-choices.ts'

/** Something that can be done to a ticket beside moving it: in the menu, in the palette, and by its key. */
export interface MoreAction {
  id: string
  label: string
  keys?: string
  run: () => unknown
}

type Dialogs = Record<
  | 'page'
  | 'macro'
  | 'edit'
  | 'fields'
  | 'tag'
  | 'link'
  | 'split'
  | 'splitOff'
  | 'checklist'
  | 'remind'
  | 'time'
  | 'clock'
  | 'merge'
  | 'problem'
  | 'plan'
  | 'major'
  | 'update'
  | 'followers'
  | 'approval'
  | 'template',
  () => unknown
> & { set: (what: Settable) => unknown }

/** What the reader may do to this ticket now. `plans`: they plan and assign work, so they set what that needs. */
export function moreActions(
  ticket: TicketPage,
  { open, plans, settled }: { open: Dialogs; plans: boolean; settled: () => unknown },
): MoreAction[] {
  const may = (name: string) => ticket.may.includes(name)
  const lives = !['closed', 'cancelled'].includes(ticket.state)
  const standing = ticket.alerts.filter(({ stands, link }) => stands && !link.detached).length
  const rearranges = may('rearrange') && lives
  const routesAgain = async () => {
    if (await attempt(() => api.post(`/tickets/${ticket.number}/route`, {}))) await settled()
  }
  const sets = (what: Settable, label: string, keys: string) => ({
    id: `set-${what}`,
    label,
    keys,
    run: () => open.set(what),
  })
  const moves = may('status') || actionsFor(ticket).some((name) => moving(name) && may(name))
  const follow = (on: boolean) => () => follows(ticket.number, on, settled)
  return [
    ...(moves ? [sets('state', m.queue_set_state(), 's')] : []),
    ...(plans && may('edit') ? [sets('priority', m.queue_set_priority(), 'shift+p')] : []),
    ...(may('assign') ? [sets('team', m.queue_set_team(), 'shift+m')] : []),
    ...(plans && may('edit') ? [sets('category', m.queue_set_category(), 'shift+c')] : []),
    ...(may('page') ? [{ id: 'page', label: m.ticket_page_somebody(), keys: 'b', run: open.page }] : []),
    ...(may('note') ? [{ id: 'macro', label: m.macro_apply(), keys: 'x', run: open.macro }] : []),
    ...(may('edit') ? [{ id: 'edit', label: m.ticket_edit(), keys: 'i', run: open.edit }] : []),
    ...(may('edit') ? [{ id: 'fields', label: m.ticket_fields_edit(), keys: 'f', run: open.fields }] : []),
    ...(may('edit') && ticket.problem
      ? [{ id: 'problem', label: m.problem_edit(), keys: 'u', run: open.problem }]
      : []),
    ...(may('edit') && ticket.change
      ? [{ id: 'plan', label: m.change_plan_edit(), keys: 'u', run: open.plan }]
      : []),
    ...(plans && ticket.change
      ? [
          {
            id: 'like',
            label: m.change_like(),
            run: () => goto(`/tickets/new?like=${ticket.number}`),
          },
        ]
      : []),
    ...(may('keep-template')
      ? [
          { id: 'template', label: m.change_template_keep(), run: open.template },
          ...(ticket.change?.template
            ? [
                {
                  id: 'no-template',
                  label: m.change_template_drop(),
                  run: () => dropsTemplate(ticket.number, settled),
                },
              ]
            : []),
        ]
      : []),
    ...(may('ask-approval')
      ? [{ id: 'ask-approval', label: m.approvals_ask_again(), run: open.approval }]
      : []),
    ...(may('raise-problem')
      ? [{ id: 'raise', label: m.problem_raise(), keys: 'o', run: () => raises(ticket.number) }]
      : []),
    ...(may('update-major')
      ? [{ id: 'update', label: m.major_update_write(), keys: 'y', run: open.update }]
      : []),
    ...(may('propose-major') ? [{ id: 'major', label: m.major_propose(), run: open.major }] : []),
    ...(may('publish-workaround') && ticket.problem?.workaround
      ? [
          ticket.problem.published_at
            ? {
                id: 'withdraw',
                label: m.problem_withdraw(),
                run: () => publishWorkaround(ticket.number, false, settled),
              }
            : {
                id: 'publish',
                label: m.problem_publish(),
                run: () => publishWorkaround(ticket.number, true, settled),
              },
        ]
      : []),
    ...(may('tag') ? [{ id: 'tag', label: m.tags_add(), keys: 't', run: open.tag }] : []),
    ...(may('note') && lives
      ? [{ id: 'checklist', label: m.checklist_key(), keys: 'd', run: open.checklist }]
      : []),
    ...(may('note')
      ? [
          { id: 'time', label: m.time_key(), keys: 'h', run: open.time },
          { id: 'clock', label: m.time_toggle(), run: open.clock },
          { id: 'my-time', label: m.time_export(), run: () => location.assign(MY_TIME) },
        ]
      : []),
    ...(may('link') ? [{ id: 'link', label: m.link_add(), keys: 'l', run: open.link }] : []),
    ...(rearranges && standing > 1 ? [{ id: 'split', label: m.split(), run: open.split }] : []),
    ...(may('split-off') ? [{ id: 'split-off', label: m.off_do(), run: open.splitOff }] : []),
    ...(may('undo-split')
      ? [{ id: 'undo-split', label: m.off_undo(), run: () => undoesSplit(ticket.number) }]
      : []),
    ...(may('rearrange') && may('merge') ? [{ id: 'merge', label: m.merge(), run: open.merge }] : []),
    ...(may('unmerge')
      ? [{ id: 'unmerge', label: m.unmerge(), run: () => unmerges(ticket.number, settled) }]
      : []),
    ...(may('route') ? [{ id: 'route', label: m.routing_again(), run: routesAgain }] : []),
    { id: 'remind', label: m.remind(), keys: 'q', run: open.remind },
    ...(may('watch') ? [{ id: 'watch', label: m.ticket_watch(), keys: 'w', run: follow(true) }] : []),
    ...(may('note') && ticket.alerts.some(({ status }) => status !== 'resolved')
      ? [
          {
            id: 'silence',
            label: m.quiet_these(),
            keys: 'shift+s',
            run: () => goto(`/maintenance/new?ticket=${ticket.number}`),
          },
        ]
      : []),
    ...(may('note')
      ? [{ id: 'timeline', label: m.major_timeline(), run: () => downloadTimeline(ticket.number) }]
      : []),
    ...(may('unwatch') ? [{ id: 'watch', label: m.ticket_unwatch(), keys: 'w', run: follow(false) }] : []),
    ...(may('note')
      ? [{ id: 'followers', label: m.followers_open(), keys: 'shift+w', run: open.followers }]
      : []),
  ]
}

const moving = (name: string) => !['reply', 'note', 'assign'].includes(name)
const MY_TIME = '/api/v1/time-entries.csv?person=me'

/** The answer is a file to keep, so the page stays. */
const downloadTimeline = (number: string) => location.assign(`/api/v1/tickets/${number}/timeline.md`)

async function follows(number: string, on: boolean, settled: () => unknown): Promise<void> {
  if (!(await attempt(() => verbs.watch(number, on)))) return
  const words = on ? m.ticket_watched({ number }) : m.ticket_unwatched({ number })
  const undo = () => attempt(() => verbs.watch(number, !on)).then(settled)
  toasts.show(words, { tone: 'good', undo })
  await settled()
}

async function dropsTemplate(number: string, settled: () => unknown): Promise<void> {
  if (!(await attempt(() => verbs.step(number, 'drop-template')))) return
  toasts.show(m.change_template_dropped({ number }), { tone: 'good' })
  await settled()
}

/** A merged ticket is one of its own again. */
export async function unmerges(number: string, settled: () => unknown): Promise<void> {
  if (!(await attempt(() => verbs.unmerge(number)))) return
  toasts.show(m.unmerge_done({ number }), { tone: 'good' })
  await settled()
}

/** Its messages stand again where they were split off. */
export async function undoesSplit(number: string): Promise<void> {
  const back = await attempt(() => api.post<TicketPage>(`/tickets/${number}/undo-split`, {}))
  if (!back) return
  toasts.show(m.off_undone({ number: back.number }), { tone: 'good' })
  await goto(`/tickets/${back.number}`)
}

/** A problem from this incident: the one that is open for it already, or another. */
async function raises(number: string): Promise<void> {
  const problem = await attempt(() => verbs.raiseProblem({ incident: number }))
  if (!problem) return
  toasts.show(m.problem_raised({ number: problem.number }), { tone: 'good' })
  await goto(`/tickets/${problem.number}`)
}

export async function publishWorkaround(number: string, on: boolean, settled: () => unknown): Promise<void> {
  const verb = on ? 'publish-workaround' : 'withdraw-workaround'
  if (!(await attempt(() => verbs.step(number, verb)))) return
  const words = on ? m.problem_published_done({ number }) : m.problem_withdrawn_done({ number })
  toasts.show(words, { tone: 'good' })
  await settled()
}

/** Takes a link away, and offers to put it back from the side that it was written from. */
export async function removeLink(number: string, link: TicketLink, settled: () => unknown): Promise<void> {
  if (!(await attempt(() => verbs.unlink(number, link.kind, link.number)))) return
  const [from, to] = link.outward ? [number, link.number] : [link.number, number]
  const back = async () => {
    await attempt(() => verbs.link(from, link.kind, to))
    await settled()
  }
  toasts.show(m.link_removed({ number: link.number }), { tone: 'good', undo: back })
  await settled()
}
