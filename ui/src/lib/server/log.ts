import pino from 'pino'
import { TOCSIN_LOG_LEVEL } from '$app/env/private'

export const log = pino({ level: TOCSIN_LOG_LEVEL, base: { process: 'ui' } })
