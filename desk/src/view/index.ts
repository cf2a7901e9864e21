export { arrangeViews } from './arrange.ts'
export {
  archiveView,
  createView,
  editView,
  MOST_VIEWS,
  restoreView,
  type SharedWith,
  type ViewInput,
} from './view.ts'
export { viewVisible } from './visible.ts'
