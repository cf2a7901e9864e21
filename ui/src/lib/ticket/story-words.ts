import type { Level, Severity, State } from '#lib/api/types.ts'
import { firingReason } from '#lib/automation/words.ts'
import { m } from '#lib/paraglide/messages.js'
import { verbWord } from '#lib/record/words.ts'
import { currentLocale } from '#lib/text/locale.ts'
import { textWord } from '#lib/review/words.ts'
import { calendarDay, dayAndTime, exactWords } from '#lib/time/exact.ts'
import { durationWords } from '#lib/time/relative.ts'
import { zoneOfReader } from '#lib/time/reader-zone.ts'
import { changeTypeWord, riskWord } from './change-words.ts'
import type { ChangeType, Risk, StoryLine } from './ticket-page.ts'
import { targetWord } from './target-word.ts'
import { levelWord, pendingWord, severityWord, stateWord } from './words.ts'

/** A line about an alert, on a ticket's story or on its own page. */
export type AlertMoment = Pick<StoryLine, 'verb' | 'after' | 'why'> & Partial<Pick<StoryLine, 'names'>>

export type StoryKind = 'message' | 'change' | 'page' | 'alert'

const messages = new Set(['reply', 'comment', 'note', 'bring', 'update-major'])
const paging = new Set(['page', 'escalation', 'delivery'])

/** What sort of line it is, for the filter above the story. */
export function kindOfLine({ verb, subject }: StoryLine): StoryKind {
  if (subject.kind === 'alert') return 'alert'
  if (paging.has(subject.kind) || verb.startsWith('page-')) return 'page'
  return messages.has(verb) ? 'message' : 'change'
}

/** Who did it, in a word or two. */
export function actorWords({ actor, cause }: Pick<StoryLine, 'actor' | 'cause'>): string {
  // Of the past of another desk: who did it there is not in the file.
  if ((cause as { kind?: string } | null)?.kind === 'import') return m.imports_story_actor()
  if (actor.name) return actor.name
  if (actor.kind === 'rule') return m.story_rule()
  if (actor.kind === 'integration') return m.story_integration()
  return actor.kind === 'system' ? m.story_system() : m.story_somebody()
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** What happened, as a sentence that follows the actor's name. */
export function storyWords(line: StoryLine): string {
  const { before, after, names } = line
  if (line.subject.kind === 'alert') return alertWords(line)
  if (line.subject.kind === 'page' && line.verb === 'acknowledge') return m.story_page_answered()
  const named = (key: string) => {
    const id = after?.[key]
    return typeof id === 'string' ? (names[id] ?? id) : ''
  }
  const sentences: Record<string, () => string> = {
    open: () => openWords(line, named),
    acknowledge: () => m.story_acknowledge(),
    start: () => m.story_start(),
    pend: () => m.story_pend({ reason: pendingWord(text(after?.pending_reason)) }),
    resume: () => m.story_resume(),
    resolve: () => m.story_resolve(),
    close: () => m.story_close(),
    reopen: () => m.story_reopen(),
    cancel: () => m.story_cancel(),
    assign: () => assignWords(line, named),
    link: () => m.story_link({ number: named('other') }),
    unlink: () => m.story_unlink({ number: named('other') }),
    tag: () => m.story_tag({ tags: tagWords(after, names) }),
    untag: () => m.story_untag({ tags: tagWords(after, names) }),
    attach: () => m.story_attach(),
    watch: () =>
      after?.person && after.person !== line.actor.id
        ? m.story_watch_for({ name: named('person') })
        : m.story_watch(),
    unwatch: () =>
      after?.person && after.person !== line.actor.id
        ? m.story_unwatch_for({ name: named('person') })
        : m.story_unwatch(),
    page: () => m.story_page({ name: named('recipient') }),
    'would-page': () => m.story_would_page({ name: named('recipient') }),
    'leave-shadow': () => m.story_leave_shadow(),
    'page-nobody': () => m.story_page_nobody(),
    'page-late': () => m.story_page_late(),
    escalate: () => m.story_escalate(),
    finish: () => m.story_finish(),
    end: () => (line.subject.kind === 'escalation' ? m.story_end_at_source() : m.story_end()),
    'fail-delivery': () => m.story_fail_delivery({ kind: text(after?.kind), reason: text(after?.reason) }),
    withhold: () => m.story_withhold({ name: named('recipient') }),
    breach: () => m.story_breach({ target: targetWord(after?.target) }),
    'sla-mark': () => m.story_sla_mark({ percent: text(after?.percent), target: targetWord(after?.target) }),
    status: () =>
      nameIn(after, names)
        ? m.story_status({ status: nameIn(after, names) })
        : m.story_status_none({ status: nameIn(before, names) }),
    fix: () => m.story_fix(),
    assess: () => m.story_assess(),
    authorize: () => m.story_authorize(),
    schedule: () => m.story_schedule(),
    implement: () => m.story_implement(),
    review: () => m.story_review(),
    'ask-approval': () => m.story_ask_approval(),
    'hand-approval-on': () => m.story_hand_approval_on({ names: namesOf(after?.approvers, names) }),
    approve: () => m.story_approve(),
    reject: () => m.story_reject(),
    revise: () => m.story_revise(),
    'keep-template': () => m.story_keep_template(),
    'drop-template': () => m.story_drop_template(),
    'publish-workaround': () =>
      after?.other ? m.story_publish_workaround_of({ number: named('other') }) : m.story_publish_workaround(),
    'withdraw-workaround': () => m.story_withdraw_workaround(),
    'rule-call': () => m.story_rule_call({ name: named('webhook') }),
    'rule-tell': () => m.story_rule_tell({ names: namesOf(after?.people, names) }),
    cut: () => m.story_cut({ reason: firingReason(text(after?.reason)) }),
    'sla-tell': () =>
      m.story_sla_tell({
        names: namesOf(after?.people, names),
        target: targetWord(after?.target),
        percent: text(after?.percent),
      }),
    recompute: () => m.story_recompute({ changes: dueWords(before, after) }),
    'propose-major': () => m.story_propose_major(),
    'declare-major': () => m.story_declare_major({ name: named('person') }),
    'hand-major': () => m.story_hand_major({ name: named('person') }),
    'reject-major': () => m.story_reject_major(),
    checklist: () => checklistWords(line, named),
    'book-time': () => m.story_book_time({ length: spentWords(after) }),
    'correct-time': () => m.story_correct_time({ was: spentWords(before), length: spentWords(after) }),
    'unbook-time': () => m.story_unbook_time({ length: spentWords(after) }),
    'split-off': () => {
      const told = { count: text(after?.messages), number: named('other') }
      return after?.from === true ? m.story_split_out(told) : m.story_split_in(told)
    },
    'undo-split': () => {
      const told = { count: text(after?.messages), number: named('other') }
      return after?.from === true ? m.story_unsplit_out(told) : m.story_unsplit_in(told)
    },
    'start-review': () => m.story_start_review(),
    'write-review': () => m.story_write_review({ texts: reviewWords(after?.texts) }),
    'finish-review': () => m.story_finish_review(),
    'reopen-review': () => m.story_reopen_review(),
    'add-action': () => m.story_add_action({ name: named('person'), day: dayOf(after) }),
    'edit-action': () => m.story_edit_action({ name: named('person'), day: dayOf(after) }),
    'finish-action': () => m.story_finish_action(),
    'reopen-action': () => m.story_reopen_action(),
    'remind-action': () => m.story_remind_action({ names: namesOf(after?.people, names) }),
    'update-major': () => m.story_update_major(),
    'choose-stakeholders': () => {
      const chosen = [namesOf(after?.people, names), namesOf(after?.teams, names)].filter(Boolean).join(', ')
      return chosen ? m.story_choose_stakeholders({ names: chosen }) : m.story_choose_stakeholders_none()
    },
    'remind-update': () =>
      (after?.reminder === 'overdue' ? m.story_remind_overdue : m.story_remind_due)({
        names: namesOf(after?.people, names),
      }),
    split: () => m.story_split({ count: text(after?.alerts), number: named('other') }),
    merge: () =>
      after?.from === true
        ? m.story_merge_out({ number: named('other') })
        : m.story_merge_in({ number: named('other') }),
    unmerge: () =>
      after?.from === true
        ? m.story_unmerge_out({ number: named('other') })
        : m.story_unmerge_in({ number: named('other') }),
    macro: () => m.story_macro({ name: named('macro') }),
    edit: () => m.story_edit({ changes: changesWords(before, after, names) }),
  }
  const sentence = sentences[line.verb]?.()
  if (!sentence)
    return m.story_other({ verb: verbWord(line.verb), changes: changesWords(before, after, names) })
  const came = line.verb === 'status' ? '' : statusCame(line)
  return came ? `${sentence} (${came})` : sentence
}

const spentWords = (of: StoryLine['before']): string =>
  durationWords(Number(of?.minutes ?? 0) * 60_000, currentLocale())

function checklistWords({ after }: StoryLine, named: (key: string) => string): string {
  if (typeof after?.count === 'number' && after.did === 'bring')
    return m.story_points_bring({ count: after.count, number: named('other') })
  if (typeof after?.count === 'number') return m.story_points_add({ count: after.count })
  const point = { text: named('item') }
  const words: Record<string, () => string> = {
    add: () => m.story_point_add(point),
    tick: () => m.story_point_tick(point),
    untick: () => m.story_point_untick(point),
    move: () => m.story_point_move(point),
    remove: () => m.story_point_remove(point),
  }
  return words[text(after?.did)]?.() ?? m.story_point_edit(point)
}

const nameIn = (of: StoryLine['before'], names: StoryLine['names']): string => {
  const id = of?.status_id
  return typeof id === 'string' ? (names[id] ?? id) : ''
}

/** "status Waiting for parts → In monitoring": what came of the status with a step. */
function statusCame({ before, after, names }: StoryLine): string {
  if (!after || !('status_id' in after)) return ''
  const change = [nameIn(before, names), nameIn(after, names) || '–'].filter(Boolean).join(' → ')
  return m.story_status_with({ change })
}

const holds: Record<string, () => string> = {
  threshold: m.why_threshold,
  hold: m.why_hold,
  flapping: m.why_flapping,
  snoozed: m.why_snoozed,
  maintenance: m.why_maintenance,
  proposed: m.why_proposed,
}

/** What happened to an alert, as a sentence that follows the actor's name. */
export function alertWords({ verb, after, why, names }: AlertMoment): string {
  const reason = (why ?? {}) as { by?: string; rule?: string }
  const until =
    typeof after?.until === 'string' ? exactWords(after.until, currentLocale(), zoneOfReader()) : ''
  const other = after?.other
  const sentences: Record<string, () => string> = {
    hold: () => m.story_alert_held({ why: holds[reason.by ?? '']?.() ?? m.story_alert_hold() }),
    release: () => m.story_alert_release(),
    wake: () => m.story_alert_wake(),
    calm: () => m.story_alert_calm(),
    snooze: () => m.story_alert_snooze({ until }),
    unsnooze: () => m.story_alert_unsnooze(),
    detach: () =>
      typeof other === 'string'
        ? m.story_alert_detach_own({ number: names?.[other] ?? other })
        : m.story_alert_detach(),
    split: () => m.story_alert_split(),
  }
  if (verb === 'resolve' && reason.rule === 'expired') return m.story_alert_expire()
  return sentences[verb]?.() ?? statusWords(after)
}

function statusWords(after: StoryLine['after']): string {
  const severity = severityWord(text(after?.severity) as Severity)
  if (after?.status === 'firing')
    return after.severity ? m.story_alert_fires({ severity }) : m.story_alert_fires_plain()
  if (after?.status === 'resolved') return m.story_alert_resolves()
  if (after?.status === 'acknowledged') return m.story_alert_acknowledged()
  return m.story_alert_other({ status: text(after?.status) })
}

function assignWords({ after, names, why }: StoryLine, named: (key: string) => string): string {
  const { assignment, hand_back, route } = (why ?? {}) as {
    assignment?: { mode: string; among: number }
    hand_back?: { code: string }
    route?: { place: number; version: number }
  }
  if (hand_back) return hand_back.code === 'away' ? m.story_handed_back_away() : m.story_handed_back()
  if (assignment && after?.assignee_id) {
    const input = { name: named('assignee_id'), among: assignment.among }
    return assignment.mode === 'round_robin' ? m.story_given_turn(input) : m.story_given_load(input)
  }
  if (route) return m.story_routed({ name: named('team_id'), place: route.place, version: route.version })
  if (after?.assignee_id) return m.story_assign({ name: named('assignee_id') })
  if (after?.team_id) return m.story_assign({ name: named('team_id') })
  return after && 'assignee_id' in after
    ? m.story_unassign()
    : m.story_assign({ name: Object.values(names).join(', ') })
}

const tagWords = (after: StoryLine['after'], names: StoryLine['names']): string =>
  (Array.isArray(after?.tags) ? (after.tags as string[]) : []).map((id) => names[id] ?? id).join(', ')

const reviewWords = (texts: unknown): string =>
  (Array.isArray(texts) ? (texts as string[]) : []).map((text) => textWord(text)).join(', ')

const dayOf = (after: StoryLine['after']): string =>
  typeof after?.due_on === 'string' ? calendarDay(after.due_on, currentLocale()) : ''

const namesOf = (ids: unknown, names: StoryLine['names']): string =>
  (Array.isArray(ids) ? ids : []).map((id) => names[String(id)] ?? String(id)).join(', ')

type Due = Record<string, { due_at: string | null }>

/** What became of the due times, target by target. */
function dueWords(before: StoryLine['before'], after: StoryLine['after']): string {
  const [was, is] = [before?.sla, after?.sla] as (Due | undefined)[]
  const words = (at: string | null | undefined) =>
    at ? exactWords(at, currentLocale(), zoneOfReader()) : m.story_recompute_none()
  return [...new Set([...Object.keys(was ?? {}), ...Object.keys(is ?? {})])]
    .map((target) =>
      m.story_recompute_due({
        target: targetWord(target),
        before: words(was?.[target]?.due_at),
        after: words(is?.[target]?.due_at),
      }),
    )
    .join(', ')
}
function openWords({ after }: StoryLine, named: (key: string) => string): string {
  const route = after?.route as { place: number; version: number } | undefined
  if (!route) return m.story_open()
  return m.story_open_routed({ name: named('team'), place: route.place, version: route.version })
}

/** "priority P3 → P1, state New → In progress": what an edit changed. */
export function changesWords(
  before: StoryLine['before'],
  after: StoryLine['after'],
  names: StoryLine['names'],
): string {
  const keys = Object.keys(after ?? {}).filter((key) => before?.[key] !== after?.[key])
  return keys
    .map((key) => {
      // A text that changed stands in a row of its own: its field is told, not its words.
      if (key.endsWith('_was')) return fieldWord(key.slice(0, -4))
      if (typeof after?.[key] === 'object' && after[key] !== null) return fieldWord(key)
      const [from, to] = [before?.[key], after?.[key]].map((value) => valueWords(key, value, names))
      return from ? `${fieldWord(key)} ${from} → ${to}` : `${fieldWord(key)} ${to}`
    })
    .join(', ')
}

function valueWords(key: string, value: unknown, names: StoryLine['names']): string {
  if (value === null || value === undefined) return ''
  if (key === 'sla') return dueOnly(value as Due)
  if (typeof value !== 'string') return JSON.stringify(value)
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return dayAndTime(value, currentLocale(), zoneOfReader())
  if (key === 'change.risk') return riskWord(value as Risk)
  if (key === 'change.type') return changeTypeWord(value as ChangeType)
  if (key === 'state') return stateWord(value as State)
  if (key === 'impact' || key === 'urgency') return levelWord(value as Level)
  if (key === 'pending_reason') return pendingWord(value)
  return names[value] ?? value
}

const dueOnly = (sla: Due): string =>
  Object.entries(sla)
    .map(([target, { due_at }]) =>
      [targetWord(target), due_at ? exactWords(due_at, currentLocale(), zoneOfReader()) : '–'].join(' '),
    )
    .join(', ')

const fields: Record<string, () => string> = {
  sla: m.sla_timeline,
  state: m.common_state,
  priority: m.common_priority,
  impact: m.common_impact,
  urgency: m.common_urgency,
  title: m.common_title,
  description: m.common_description,
  service_id: m.common_service,
  category_id: m.common_category,
  status_id: m.status_filter,
  team_id: m.common_team,
  assignee_id: m.common_assignee,
  requester_id: m.common_requester,
  organisation_id: m.organisation,
  'problem.root_cause': m.problem_root_cause,
  'problem.workaround': m.problem_workaround,
  'problem.known_error_at': m.problem_known_error,
  'problem.quiet_days': m.problem_quiet,
  'change.type': m.change_type,
  'change.risk': m.change_risk,
  'change.risk_answers': m.change_risk_answers,
  'change.risk_reason': m.change_risk_reason,
  'change.implementation_plan': m.change_implementation_plan,
  'change.backout_plan': m.change_backout_plan,
  'change.test_plan': m.change_test_plan,
  'change.planned_start': m.change_planned_start,
  'change.planned_end': m.change_planned_end,
  'change.service_ids': m.change_touches_services,
  'change.ci_ids': m.change_touches_items,
}
const fieldWord = (key: string): string => fields[key]?.() ?? key.replaceAll('_', ' ')

/** The rule of automation that did it: each effect stands with it, and leads to it where one may see it. */
export function ruleOf({
  actor,
  cause,
}: Pick<StoryLine, 'actor' | 'cause'>): { id: string; name: string } | null {
  const { kind } = (cause ?? {}) as { kind?: string }
  return kind === 'automation' && actor.kind === 'rule' && actor.id && actor.name
    ? { id: actor.id, name: actor.name }
    : null
}
