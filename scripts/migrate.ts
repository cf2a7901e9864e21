// Brings the database of DATABASE_OWNER_URL up to this version, for installations that run their own PostgreSQL
// and start the services by themselves; `npm start` does the same.
import { migrate } from '@tocsin/db/migrate'
import { readEnvironment, variables } from '@tocsin/db/process/config'
import { createLog } from '@tocsin/db/process/log'

const { DATABASE_URL, DATABASE_OWNER_URL, TOCSIN_LOG_LEVEL } = variables
const config = readEnvironment({ DATABASE_URL, DATABASE_OWNER_URL, TOCSIN_LOG_LEVEL })
const log = createLog('migrate', config.TOCSIN_LOG_LEVEL)

await migrate(config.DATABASE_OWNER_URL ?? config.DATABASE_URL, { log, serviceUrl: config.DATABASE_URL })
log.info('the database is up to date')
