import { type ASTNode, parse } from '@marcbachmann/cel-js'

/** A text fact, `severity` or `labels.team`, that must be one of these. */
export interface Need {
  path: string
  values: string[]
}

/**
 * What must hold of single facts for the whole to be true: the equalities, and lists of texts, that stand joined by
 * `&&` at its top. Whatever fails one of them need not be run: neither false nor an error beside it makes it true.
 */
export const needsOf = (source: string): Need[] => needsIn(parse(source).ast)

function needsIn({ op, args }: ASTNode): Need[] {
  if (op === '&&') return args.flatMap(needsIn)
  if (op !== '==' && op !== 'in') return []
  const [left, right] = args
  const need =
    op === 'in' ? needOf(left, textsOf(right)) : (needOf(left, textOf(right)) ?? needOf(right, textOf(left)))
  return need ? [need] : []
}

function needOf(fact: ASTNode, values: string[] | null): Need | null {
  const path = pathOf(fact)
  return path !== null && values !== null ? { path, values } : null
}

const textOf = ({ op, args }: ASTNode): string[] | null =>
  op === 'value' && typeof args === 'string' ? [args] : null

function textsOf({ op, args }: ASTNode): string[] | null {
  if (op !== 'list') return null
  const texts = args.map(textOf)
  return texts.every((text) => text !== null) ? texts.flat() : null
}

function pathOf({ op, args }: ASTNode): string | null {
  if (op === 'id') return args
  if (op !== '.' && op !== '[]') return null
  const [of, name] = args
  const word = typeof name === 'string' ? name : textOf(name)?.[0]
  return of.op === 'id' && word !== undefined ? `${of.args}.${word}` : null
}
