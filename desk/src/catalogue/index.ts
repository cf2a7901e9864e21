export { type Answers, checkAnswers } from './answers.ts'
export { createDefaultCatalogue } from './default.ts'
export { type FileInput, fileItem } from './file.ts'
export { checkForm, type FormField } from './form.ts'
export {
  archiveItem,
  type CatalogueItem,
  createItem,
  editItem,
  type ItemInput,
  readCatalogue,
} from './item.ts'
