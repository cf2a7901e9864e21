type Line = { time?: string; level?: number; name?: string; msg?: string; [field: string]: unknown }

const levels: [number, string, string][] = [
  [50, 'ERROR', '\u001B[31m'],
  [40, 'WARN ', '\u001B[33m'],
  [30, 'INFO ', '\u001B[32m'],
  [0, 'DEBUG', '\u001B[90m'],
]

/** One line of a process, under its name: as it came for a file, short and coloured for a terminal. */
export function present(name: string, line: string, terminal: boolean): string {
  const prefix = name.padEnd(9)
  if (!terminal) return `${prefix} | ${line}\n`
  const read = parse(line)
  if (read === undefined) return `         ${prefix} ${line}\n`
  const { time = '', level = 30, msg = '', name: _, err, requestId: __, ...rest } = read
  const [, word, colour] = levels.find(([from]) => level >= from) ?? levels[3]!
  const fields = Object.entries(rest).map(([key, value]) => `${key}=${shown(value)}`)
  const trace = err === undefined ? '' : `\n${stackOf(err)}`
  return `${time.slice(11, 19)} ${prefix} ${colour}${word}\u001B[0m ${[msg, ...fields].join(' ')}${trace}\n`
}

function parse(line: string): Line | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return JSON.parse(line)
  } catch {
    // A program's own words that merely begin with a brace are shown as they are.
    return undefined
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function stackOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'stack' in error ? String(error.stack) : shown(error)
}
