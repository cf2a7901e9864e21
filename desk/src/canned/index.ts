export {
  archiveCanned,
  type CannedInput,
  createCanned,
  editCanned,
  findCanned,
  type Kind as CannedKind,
} from './keep.ts'
export { cannedVisible, type Share, shareOf } from './share.ts'
export { readValues } from './values.ts'
export { demandVariables, fillIn, inert, type Values, type Variable, VARIABLES } from './variables.ts'
