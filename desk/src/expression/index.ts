export { type Expression, expressions, type Variables, WrongExpression } from './compile.ts'
