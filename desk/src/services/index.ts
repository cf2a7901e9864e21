export { INSTALLATION, setPriority, setSeverity } from './priority.ts'
export { archiveService, createService, editService, type Label, type ServiceInput } from './service.ts'
export { readSettings, type Settings, SETTINGS, setSettings } from './setting.ts'
