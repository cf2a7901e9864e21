/** Names and positions, from the body on. */
export type Path = readonly (string | number)[]

// Words of the language itself cannot follow a dot.
const RESERVED = new Set(
  'as break const continue else false for function if import in let loop namespace null package return true var void while'.split(
    ' ',
  ),
)

const step = (name: string | number): string => {
  if (typeof name === 'number') return `[${name}]`
  return /^[A-Za-z_]\w*$/.test(name) && !RESERVED.has(name) ? `.${name}` : `[${JSON.stringify(name)}]`
}

/** A place in the body as an expression names it. */
export const bodyPath = (path: Path): string => `body${path.map(step).join('')}`

/**
 * The same as a field of an event names it: from its own element, where the place lies in one. `elements` is the
 * expression that gives the list; empty: the body, or what it lists.
 */
export function itemPath(path: Path, elements: string, bodyIsList: boolean): string {
  const list = elements.trim()
  if (list === '')
    return `item${path
      .slice(bodyIsList ? 1 : 0)
      .map(step)
      .join('')}`
  const at = path.findIndex(
    (name, index) => typeof name === 'number' && bodyPath(path.slice(0, index)) === list,
  )
  return at === -1
    ? bodyPath(path)
    : `item${path
        .slice(at + 1)
        .map(step)
        .join('')}`
}
