import { createLog, stopInOrder } from '@tocsin/db/process'
import { Registry } from 'prom-client'
import { readConfig } from './config.ts'
import { serveDoor } from './serve.ts'

const { logLevel, ...config } = readConfig()
const log = createLog('ingest', logLevel)
const stopping = stopInOrder(log)

const door = await serveDoor({ ...config, log, registry: new Registry() })
stopping.closing('http', () => door.close())
log.info({ url: door.url }, 'listening')
