export { bringChecklists } from './bring.ts'
export { addPoints, editPoint, MOST_POINTS, removePoint } from './point.ts'
export {
  archiveTemplate,
  type ChecklistPoint,
  createTemplate,
  editTemplate,
  restoreTemplate,
} from './template.ts'
