export { createDefaultCatalogue } from './default.ts'
export { type FileInput, fileItem } from './file.ts'
export {
  archiveItem,
  type CatalogueItem,
  createItem,
  editItem,
  findItem,
  type ItemApproval,
  type ItemInput,
  readCatalogue,
  readShelf,
} from './item.ts'
