import type { Logger } from './log.ts'

export type Stopping = {
  /** Aborts when the stop begins: end long answers, take no more work. */
  signal: AbortSignal
  /** Registers what must be closed; the last registered closes first. */
  closing: (name: string, close: () => unknown) => void
}

// Orchestrators kill after 10 s, so what hangs is left behind before that.
const usualDeadlineMs = 9_000

/**
 * Ends the process in order on SIGTERM or SIGINT: closes what was registered, then exits within `deadlineMs`
 * with `process.exitCode` (0 unless set). A second SIGINT ends it at once. An error that nobody caught is logged
 * and ends it with 1.
 */
export function stopInOrder(log: Logger, deadlineMs = usualDeadlineMs): Stopping {
  const controller = new AbortController()
  const closers: { name: string; close: () => unknown }[] = []

  const stop = async (reason: string) => {
    if (controller.signal.aborted) {
      // Ctrl-C again is impatience; SIGTERM again comes from callers that each pass it on.
      if (reason === 'SIGINT') process.exit(1)
      return
    }
    log.info({ reason }, 'stopping')
    controller.abort()
    setTimeout(() => {
      log.warn('stopped without waiting for the rest')
      process.exit()
    }, deadlineMs).unref()
    for (const { name, close } of closers.toReversed()) {
      try {
        await close()
      } catch (error) {
        log.error({ err: error, part: name }, 'could not close')
      }
    }
    log.info('stopped')
    process.exit()
  }

  process.on('SIGTERM', () => void stop('SIGTERM'))
  process.on('SIGINT', () => void stop('SIGINT'))
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, event)
      process.exit(1)
    })
  }
  return { signal: controller.signal, closing: (name, close) => void closers.push({ name, close }) }
}
