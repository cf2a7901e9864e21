import { api } from '#lib/api/client.ts'
import { m } from '#lib/paraglide/messages.js'
import { verbWord } from '#lib/record/words.ts'

/** What may happen to a ticket and be told to others, or start a rule; as the API takes it. */
export const TRIGGER_VERBS = [
  'open',
  'acknowledge',
  'assign',
  'start',
  'pend',
  'resume',
  'resolve',
  'close',
  'reopen',
  'cancel',
  'edit',
  'status',
  'reply',
  'comment',
  'note',
  'attach',
  'tag',
  'untag',
  'link',
  'unlink',
  'merge',
  'unmerge',
  'split',
  'declare-major',
  'sla-mark',
  'breach',
  'escalate',
  'page',
  'fix',
  'assess',
  'authorize',
  'schedule',
  'implement',
  'review',
  'revise',
  'approve',
  'reject',
]
export const triggerOptions = () => TRIGGER_VERBS.map((value) => ({ value, label: verbWord(value) }))

export interface TriggerCheck {
  error: string | null
  checked: number
  holds: number
  examples: { verb: string; at: string; ticket: { number: string; title: string }; holds: boolean }[]
}

/** Tries a condition on the tickets that are open, as rules see them for which their time has come. */
export const checkOpen = (when: string) => async () => {
  const { error, checked, holds, examples } = await api.post<TriggerCheck>('/triggers/check', {
    when,
    over: 'open',
  })
  return {
    error,
    words: checked === 0 ? m.automation_none_open() : m.automation_holds_open({ holds, checked }),
    examples: examples.map(({ ticket, holds: one }) => ({
      key: ticket.number,
      title: `${ticket.number} ${ticket.title}`,
      holds: one,
    })),
  }
}

/** Tries a condition on what happened lately; an empty one holds always. */
export const checkTrigger = (verbs: readonly string[]) => (when: string) => async () => {
  if (when.trim() === '') return { error: null, words: m.webhooks_always(), examples: [] }
  const answer = await api.post<TriggerCheck>('/triggers/check', { when, verbs })
  return {
    error: answer.error,
    words:
      answer.checked === 0
        ? m.webhooks_no_lines()
        : m.webhooks_holds({ holds: answer.holds, checked: answer.checked }),
    examples: answer.examples.map(({ verb, at, ticket, holds }) => ({
      key: `${ticket.number} ${verb} ${at}`,
      title: `${ticket.number} ${verbWord(verb)}: ${ticket.title}`,
      holds,
    })),
  }
}
