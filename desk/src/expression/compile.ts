import { type ASTNode, Environment, serialize } from '@marcbachmann/cel-js'
import { RE2JS } from 're2js'

const LENGTH = 2_000
const LIMITS = {
  maxAstNodes: 400,
  maxDepth: 40,
  maxListElements: 200,
  maxMapEntries: 64,
  maxCallArguments: 8,
}
// Each inner one multiplies the work of the outer: two over a body of a megabyte is what a moment bears.
const COMPREHENSIONS = 2
// Rounds of loops and kilobytes under patterns that one run may take: some tens of milliseconds.
const STEPS = 20_000

/** The expression cannot be used, and where: said to whoever writes it. */
export class WrongExpression extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'WrongExpression'
  }
}

/** What an expression may name, by CEL's types: `string`, `int`, `map<string, string>`, `dyn`, … */
export type Variables = Record<string, string>

/** Runs the expression over these facts. Throws where they do not hold what it names. */
export type Expression = (facts: Record<string, unknown>) => unknown

/**
 * CEL over given variables and nothing else. Regular expressions run on an engine whose time is linear in the
 * text, and what could grow without bound is refused here. Throws `WrongExpression`.
 */
export function expressions(variables: Variables): (source: string, type?: 'bool' | 'string') => Expression {
  const environment = new Environment({ limits: LIMITS, homogeneousAggregateLiterals: false })
  for (const [name, type] of Object.entries(variables)) environment.registerVariable(name, type)
  environment.registerFunction(`string.${LINEAR}(string): bool`, matchesInLinearTime)
  environment.registerFunction(`${ROUNDS}(dyn): dyn`, countRounds)
  return (source, type) => {
    if (source.trim() === '') throw new WrongExpression('It is empty.')
    if (source.length > LENGTH) throw new WrongExpression(`It is longer than ${LENGTH} characters.`)
    try {
      const parsed = environment.parse(source)
      const checked = parsed.check()
      if (!checked.valid) throw checked.error ?? new Error('It does not fit together.')
      if (type && checked.type !== type && checked.type !== 'dyn')
        throw new WrongExpression(`It gives ${checked.type}, and must give ${type}.`)
      const run = environment.parse(serialize(linear(parsed.ast, 0)))
      return (facts) => {
        steps = 0
        return run(facts)
      }
    } catch (error) {
      if (error instanceof WrongExpression) throw error
      throw new WrongExpression((error as Error).message)
    }
  }
}

const LINEAR = 'matchesInLinearTime'
const ROUNDS = 'countRounds'
// Expressions run to their end one after the other, so one count serves them all.
let steps = 0

// Made once: `all` and `exists` go on after an error in a round, so it may be thrown in each that is left.
const TOO_LONG = new Error('It takes too long: it loops over too much.')

function spend(more: number): void {
  steps += more
  if (steps > STEPS) throw TOO_LONG
}

/** What a loop runs over, its rounds paid for before the first. */
function countRounds(value: unknown): unknown {
  if (Array.isArray(value)) spend(value.length)
  else if (typeof value === 'object' && value !== null) spend(Object.keys(value).length)
  return value
}

const MACROS = new Set(['map', 'filter', 'all', 'exists', 'exists_one'])

/** The same tree with `matches` on the linear engine. Throws where it nests too deep or binds names. */
function linear(node: ASTNode, comprehensions: number): ASTNode {
  if (node.op !== 'rcall') return withArgs(node, (inner) => linear(inner, comprehensions))
  const [name, receiver, args] = node.args
  if (name === 'bind' || name === 'block') throw new WrongExpression(`“${name}” is not available here.`)
  if (name === 'matches') {
    const pattern = args[0]
    if (pattern?.op === 'value' && typeof pattern.args === 'string') patternOf(pattern.args)
  }
  const deeper = MACROS.has(name) ? comprehensions + 1 : comprehensions
  if (deeper > COMPREHENSIONS)
    throw new WrongExpression(`Loops such as “${name}” may stand ${COMPREHENSIONS} deep at most.`)
  const inside = args.map((inner) => linear(inner, deeper))
  const over = linear(receiver, comprehensions)
  const counted = MACROS.has(name) ? ({ op: 'call', args: [ROUNDS, [over]] } as ASTNode) : over
  return { ...node, op: 'rcall', args: [name === 'matches' ? LINEAR : name, counted, inside] } as ASTNode
}

const isNode = (value: unknown): value is ASTNode =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value

/** A node's arguments are a node, or lists of nodes and words, however deep. */
function withArgs(node: ASTNode, change: (inner: ASTNode) => ASTNode): ASTNode {
  const walk = (value: unknown): unknown => {
    if (isNode(value)) return change(value)
    return Array.isArray(value) ? value.map(walk) : value
  }
  return { op: node.op, args: walk(node.args) } as ASTNode
}

const PATTERNS = 500
const patterns = new Map<string, RE2JS>()

function patternOf(source: string): RE2JS {
  const known = patterns.get(source)
  if (known) return known
  const compiled = RE2JS.compile(source)
  patterns.set(source, compiled)
  if (patterns.size > PATTERNS) patterns.delete(patterns.keys().next().value!)
  return compiled
}

// Linear is still slow where the pattern is large: each character may have to be held against all of it.
const LARGE = 64
const AT_ONCE = 80

function matchesInLinearTime(text: string, pattern: string): boolean {
  const compiled = patternOf(pattern)
  const large = Math.max(0, compiled.programSize() - LARGE)
  spend(1 + text.length / 1_000 + (text.length * large) / AT_ONCE)
  return compiled.matcher(text).find()
}
