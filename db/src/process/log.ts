import { type DestinationStream, type Logger, pino } from 'pino'

export type { Logger } from 'pino'

const secrets = [
  'authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'password',
  'secret',
  'token',
  'apiKey',
]
const paths = secrets.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.headers["${name}"]`])

/** A process's logger: JSON lines on stdout, secrets struck out. */
export function createLog(name: string, level = 'info', destination?: DestinationStream): Logger {
  const options = {
    name,
    level,
    base: { name },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths, censor: '[redacted]' },
  }
  return pino(options, destination ?? standardOutput())
}

/**
 * Not pino's own destination: once nobody reads our output any more, as after kill -9 of the supervisor, its
 * flush tries again for ever and the process never ends. Lines that nobody can read are dropped instead.
 */
function standardOutput(): DestinationStream {
  if (process.stdout.listenerCount('error', drop) === 0) process.stdout.on('error', drop)
  return { write: (line) => void process.stdout.write(line) }
}

const drop = () => undefined

/**
 * A request's path and query fit for a log: integration and heartbeat keys (the segment after
 * `/v1/{system}/`) and any query value named like a secret are struck out.
 */
export function loggableUrl(url: string): string {
  const [path = '', query] = url.split('?', 2)
  const safePath = path.replace(/^(\/v1\/[^/]+\/)[^/]+/, '$1[redacted]')
  if (query === undefined) return safePath
  const safeQuery = query.replace(
    /(^|&)([^=&]*(?:key|token|secret|signature|password|code)[^=&]*)=[^&]*/gi,
    '$1$2=[redacted]',
  )
  return `${safePath}?${safeQuery}`
}
