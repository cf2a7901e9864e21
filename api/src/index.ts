export { createApp } from './app.ts'
export { type ApiConfig, readConfig } from './config.ts'
export type { Deps } from './context.ts'
