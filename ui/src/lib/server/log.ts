import pino from 'pino'
import { TOCSIN_LOG_LEVEL } from '$app/env/private'

// Straight to stdout: pino's own destination tries again for ever, and the process never ends, once nobody reads.
process.stdout.on('error', () => undefined)

export const log = pino(
  { level: TOCSIN_LOG_LEVEL, base: { name: 'ui' } },
  { write: (line: string) => void process.stdout.write(line) },
)
