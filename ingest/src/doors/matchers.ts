import { RE2JS } from 're2js'

/** Whether a set of labels fits. A label that is not there counts as empty, as it does in Alertmanager. */
export type Matcher = (labels: Record<string, string>) => boolean

/** A matcher that cannot be read: 400. */
export class WrongMatcher extends Error {
  constructor(matcher: string, why = 'bad matcher format') {
    super(`${why}: ${matcher.slice(0, 200)}`)
    this.name = 'WrongMatcher'
  }
}

const FORM =
  /^\s*\{?\s*([a-zA-Z_:][\w:]*|"(?:[^"\\]|\\.)+")\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^"{},]*))\s*\}?\s*$/
const MOST = 20
const LENGTH = 1_000
// Characters held against a whole pattern, over all that one question looks at: a second at worst.
const MOST_WORK = 30_000_000

/**
 * Alertmanager's matchers, `severity=~"critical|error"`. Regular expressions fit the whole value and run on an
 * engine whose time is linear in it. Throws `WrongMatcher`.
 */
export function readMatchers(given: string[]): Matcher[] {
  if (given.length > MOST) throw new WrongMatcher('too many')
  return given.map((text) => {
    const [, label = '', operator = '', quoted, bare = ''] = FORM.exec(text.slice(0, LENGTH)) ?? []
    if (label === '') throw new WrongMatcher(text)
    const name = label.startsWith('"') ? unescaped(label.slice(1, -1)) : label
    const value = quoted === undefined ? bare.trim() : unescaped(quoted)
    return matcherOf(
      { name, value, isRegex: operator.endsWith('~'), isEqual: !operator.startsWith('!') },
      text,
    )
  })
}

interface Said {
  name: string
  value: string
  isRegex: boolean
  isEqual: boolean
}

function matcherOf({ name, value, isRegex, isEqual }: Said, text: string): Matcher {
  const fits = isRegex ? wholly(value, text) : (said: string) => said === value
  return (labels) => fits(labels[name] ?? '') === isEqual
}

/** Whether all of these hold for what has no labels at all. Throws `WrongMatcher`. */
export const fitAnything = (given: Said[]): boolean =>
  given.every((said) => matcherOf(said, `${said.name}=~${JSON.stringify(said.value)}`)({}))

const unescaped = (text: string): string => text.replaceAll(/\\(.)/g, '$1')

function wholly(pattern: string, text: string): (said: string) => boolean {
  try {
    const compiled = RE2JS.compile(pattern)
    const size = compiled.programSize()
    let work = 0
    return (said) => {
      work += said.length * size
      if (work > MOST_WORK) throw new WrongMatcher(text, 'matcher takes too long')
      return compiled.matches(said)
    }
  } catch {
    // re2js says in its own words what is wrong; Alertmanager names the matcher.
    throw new WrongMatcher(text)
  }
}
