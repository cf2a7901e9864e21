export { connect, type ConnectOptions, connectPrepared, type Db, type Prepared } from './client.ts'
export { type ActivityRow, lastPlace, readFeed } from './feed.ts'
export { listen, type Listener } from './listen.ts'
export type * from './types.ts'
