export * from './activity/index.ts'
export * from './auth/index.ts'
export * from './people/index.ts'
export * from './services/index.ts'
