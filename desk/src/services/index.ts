export { archiveService, createService, editService, type Label, type ServiceInput } from './service.ts'
