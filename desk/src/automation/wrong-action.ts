import { DeskError, type FieldError } from '../activity/index.ts'
import { checkAnswers, type CustomField } from '../form/index.ts'
import { normaliseTag } from '../tag/index.ts'
import type { RuleAction } from './does.ts'
import { FILLED, unknownIn } from './fill.ts'

/** What is wrong with an action by itself. */
export function wrongAction(path: string, action: RuleAction, fields: readonly CustomField[]): FieldError[] {
  const wrong = (field: string, message: string) => [{ path: `${path}.${field}`, message }]
  switch (action.do) {
    case 'set': {
      const { do: _, fields: answers = {}, ...set } = action
      const none = Object.keys(set).length + Object.keys(answers).length === 0
      return none ? wrong('do', 'sets nothing') : wrongAnswers(`${path}.fields`, answers, fields)
    }
    case 'move':
      if (action.move === 'pend') return action.reason ? [] : wrong('reason', 'says what it waits for')
      return action.reason ? wrong('reason', 'belongs to waiting alone') : []
    case 'tell':
      return [
        ...(action.person_ids.length + action.team_ids.length === 0
          ? wrong('person_ids', 'names nobody')
          : []),
        ...wrongText(`${path}.text`, action.text, FILLED),
      ]
    case 'tag':
    case 'untag':
      return wrongTags(path, action.do === 'tag' ? action.names : [action.name])
    case 'note':
    case 'reply':
      return wrongText(`${path}.text`, action.text, FILLED)
    case 'open':
      return [
        ...wrongText(`${path}.title`, action.title, FILLED),
        ...wrongText(`${path}.text`, action.text, FILLED),
      ]
    default:
      return []
  }
}

/** A text that asks for what there is not would leave as it stands. */
export const wrongText = (path: string, text: string, known: readonly string[]): FieldError[] =>
  unknownIn(text, known).map((name) => ({ path, message: `there is no variable {{${name}}}` }))

/** Each answer by the type of its field; whether a ticket is asked it shows when the rule acts. */
function wrongAnswers(
  path: string,
  answers: Record<string, unknown>,
  fields: readonly CustomField[],
): FieldError[] {
  return Object.entries(answers).flatMap(([key, answer]) => {
    const field = fields.find((one) => one.key === key)
    if (!field) return [{ path: `${path}.${key}`, message: 'there is no such field' }]
    if (answer === null) return []
    const alone = { ...field, required: true, required_when: undefined, visible_when: undefined }
    // A tick may be taken away, but no other answer is empty.
    const asked = field.type === 'checkbox' ? { ...alone, required: false } : alone
    return errorsOf(() => checkAnswers([asked], { [key]: answer }, 'en')).map(({ message }) => ({
      path: `${path}.${key}`,
      message,
    }))
  })
}

const wrongTags = (path: string, names: string[]): FieldError[] =>
  errorsOf(() => names.forEach((name) => normaliseTag(name))).map(({ message }) => ({
    path: `${path}.names`,
    message,
  }))

function errorsOf(check: () => unknown): FieldError[] {
  try {
    check()
    return []
  } catch (error) {
    if (!(error instanceof DeskError)) throw error
    return error.details.errors ?? [{ path: '', message: error.message }]
  }
}

/** Something that is named by its id, and the field that names it. */
export interface Named {
  path: string
  what: string
  id: string
}

/** What an action names. */
export function namedBy(path: string, action: RuleAction, fields: readonly CustomField[]): Named[] {
  const one = (field: string, what: string, id: string | null | undefined) =>
    id ? [{ path: `${path}.${field}`, what, id }] : []
  const many = (field: string, what: string, ids: string[]) =>
    ids.flatMap((id, place) => one(`${field}.${place}`, what, id))
  switch (action.do) {
    case 'set':
      return [
        ...one('service_id', 'service', action.service_id),
        ...one('category_id', 'category', action.category_id),
        ...peopleIn(action.fields ?? {}, fields).flatMap(([key, id]) => one(`fields.${key}`, 'person', id)),
      ]
    case 'assign':
      return [...one('team_id', 'team', action.team_id), ...one('assignee_id', 'person', action.assignee_id)]
    case 'status':
      return one('status_id', 'status', action.status_id)
    case 'checklist':
      return one('template_id', 'checklist', action.template_id)
    case 'watch':
      return many('person_ids', 'person', action.person_ids)
    case 'tell':
      return [
        ...many('person_ids', 'person', action.person_ids),
        ...many('team_ids', 'team', action.team_ids),
      ]
    case 'page':
      return one('policy_id', 'escalation policy', action.policy_id)
    case 'call':
      return one('webhook_id', 'webhook', action.webhook_id)
    default:
      return []
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const peopleIn = (answers: Record<string, unknown>, fields: readonly CustomField[]) =>
  Object.entries(answers).flatMap(([key, answer]) =>
    typeof answer === 'string' &&
    UUID.test(answer) &&
    fields.some((field) => field.key === key && field.type === 'person')
      ? [[key, answer] as const]
      : [],
  )
