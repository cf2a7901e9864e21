export {
  archiveCategory,
  type CategoryInput,
  createCategory,
  demandCategory,
  editCategory,
  MOST_CATEGORIES,
  MOST_LEVELS,
  restoreCategory,
} from './category.ts'
