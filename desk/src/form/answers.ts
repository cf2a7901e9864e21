import { DeskError, type FieldError } from '../activity/index.ts'
import { asked } from './asked.ts'
import type { FormField } from './form.ts'

export type Locale = 'en' | 'fr' | 'it'
export type Answer = string | number | boolean | string[]
export type Answers = Record<string, Answer>

const MOST = { text: 500, textarea: 10_000 }

// Employees read these beside the question, so they are written in each language, without jargon.
const WORDS = {
  en: {
    whole: 'Please look at the marked questions.',
    required: 'Please answer this.',
    tick: 'Please tick this.',
    choice: 'Please choose one of the list.',
    date: 'Please give a date.',
    number: 'Please give a number.',
    hidden: 'This is not asked with these answers.',
    long: (most: number) => `At most ${most} characters, please.`,
    unknown: 'This form does not ask this.',
    person: 'Please choose a person of the list.',
    wrong: 'This is not an answer to the question.',
  },
  fr: {
    whole: 'Regardez les questions signalées.',
    required: 'Veuillez répondre à cette question.',
    tick: 'Veuillez cocher cette case.',
    choice: 'Veuillez choisir dans la liste.',
    date: 'Veuillez indiquer une date.',
    number: 'Veuillez indiquer un nombre.',
    hidden: 'Cette question ne se pose pas avec ces réponses.',
    long: (most: number) => `${most} caractères au maximum.`,
    unknown: 'Ce formulaire ne pose pas cette question.',
    person: 'Veuillez choisir une personne dans la liste.',
    wrong: 'Ce n’est pas une réponse à la question.',
  },
  it: {
    whole: 'Controlli le domande segnate.',
    required: 'Risponda a questa domanda.',
    tick: 'Selezioni questa casella.',
    choice: 'Scelga una voce dell’elenco.',
    date: 'Indichi una data.',
    number: 'Indichi un numero.',
    hidden: 'Con queste risposte la domanda non si pone.',
    long: (most: number) => `Al massimo ${most} caratteri.`,
    unknown: 'Questo modulo non contiene la domanda.',
    person: 'Scelga una persona dell’elenco.',
    wrong: 'Questa non è una risposta alla domanda.',
  },
}
type Words = (typeof WORDS)['en']

/**
 * The answers as they are kept: cleaned, and only what the form asks. Throws `invalid` with one error per
 * question, `fields.<key>`, in the words of the reader's language. What depends on an answer that was not given
 * is neither asked nor taken.
 */
export function checkAnswers(form: FormField[], given: Record<string, unknown>, locale: Locale): Answers {
  const words = WORDS[locale]
  const unknown = Object.keys(given).filter((key) => !form.some((field) => field.key === key))
  const questions = asked(form, given)
  const hidden = form.filter(
    ({ key }) => isGiven(given[key]) && !questions.some((field) => field.key === key),
  )
  const errors: FieldError[] = [
    ...unknown.map((key) => ({ path: `fields.${key}`, message: words.unknown })),
    ...hidden.map(({ key }) => ({ path: `fields.${key}`, message: words.hidden })),
  ]
  const answers: [string, Answer][] = []
  for (const field of questions) {
    const outcome = checkAnswer(field, Object.hasOwn(given, field.key) ? given[field.key] : undefined, words)
    if ('message' in outcome) errors.push({ path: `fields.${field.key}`, message: outcome.message })
    else if (outcome.value !== undefined) answers.push([field.key, outcome.value])
  }
  if (errors.length > 0)
    throw new DeskError('invalid', words.whole, { errors, unknown: errors.length === unknown.length })
  return Object.fromEntries(answers)
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** As `checkAnswers` refuses, of the people named: those of these keys are nobody who can be chosen. */
export function refusePeople(keys: string[], locale: Locale): never {
  const words = WORDS[locale]
  throw new DeskError('invalid', words.whole, {
    errors: keys.map((key) => ({ path: `fields.${key}`, message: words.person })),
  })
}

const isGiven = (answer: unknown): boolean =>
  answer !== undefined && answer !== null && answer !== '' && answer !== false

type Outcome = { message: string } | { value: Answer | undefined }

function checkAnswer(field: FormField, given: unknown, words: Words): Outcome {
  if (field.type === 'checkbox') {
    if (given !== undefined && given !== null && typeof given !== 'boolean') return { message: words.wrong }
    if (field.required && given !== true) return { message: words.tick }
    return { value: given === true }
  }
  if (given === undefined || given === null || given === '')
    return field.required ? { message: words.required } : { value: undefined }
  if (field.type === 'number') return checkNumber(given, words)
  if (field.type === 'multiselect') return checkChoices(field, given, words)
  if (typeof given !== 'string') return { message: words.wrong }
  const value = cleanText(given)
  if (value === '') return field.required ? { message: words.required } : { value: undefined }
  switch (field.type) {
    case 'select':
      return isChoice(field, value) ? { value } : { message: words.choice }
    case 'person':
      return ID.test(value) ? { value: value.toLowerCase() } : { message: words.person }
    case 'date':
      return isDate(value) ? { value } : { message: words.date }
    default:
      return value.length > MOST[field.type] ? { message: words.long(MOST[field.type]) } : { value }
  }
}

const isChoice = ({ options }: FormField, value: unknown): boolean =>
  options?.some((option) => option.value === value && !option.retired) ?? false

function checkChoices(field: FormField, given: unknown, words: Words): Outcome {
  if (!Array.isArray(given)) return { message: words.wrong }
  if (given.length === 0) return field.required ? { message: words.required } : { value: undefined }
  if (!given.every((one) => isChoice(field, one))) return { message: words.choice }
  const wanted = new Set(given as string[])
  return { value: field.options!.map(({ value }) => value).filter((value) => wanted.has(value)) }
}

/** A number, or what a field for one holds as text. */
function checkNumber(given: unknown, words: Words): Outcome {
  const text = typeof given === 'string' ? given.trim() : ''
  const value =
    typeof given === 'number' ? given : /^[-+]?\d{1,15}(\.\d{1,10})?$/.test(text) ? Number(text) : NaN
  return Number.isFinite(value) && Math.abs(value) < 1e15 ? { value } : { message: words.number }
}

/** Free text without what Postgres refuses and nobody sees: NUL, other controls, half characters. */
export const cleanText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/(?![\n\t])\p{Cc}/gu, '')
    .trim()

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const instant = new Date(`${text}T00:00Z`)
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text)
}
