import { createLog, stopInOrder } from '@tocsin/db/process'
import { Registry } from 'prom-client'
import { readDoorConfig } from './config.ts'
import { serveDoor } from './serve.ts'

const { logLevel, ...config } = readDoorConfig()
const log = createLog('ingest', logLevel)
const stopping = stopInOrder(log)

const door = await serveDoor({ ...config, log, registry: new Registry() })
stopping.closing('http', () => door.close())
log.info({ url: door.url }, 'listening')
