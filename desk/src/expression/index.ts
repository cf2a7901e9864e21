export { type Expression, expressions, type Variables, WrongExpression } from './compile.ts'
export { type Need, needsOf } from './needs.ts'
