import { type Answer, type Fields, firstText, isFields, type Refusal } from './adapter.ts'

/**
 * A refusal as PagerDuty's events APIs write it. They answer a wrong key as any wrong field; at our own address a
 * wrong key is a 401 like everywhere.
 */
export function invalidEvent(refusal: Refusal, path: string, wrongKey: string): Answer | undefined {
  const { status, detail, errors } = refusal
  const invalid = (code: number, reasons: string[]) => ({
    status: code,
    body: { status: 'invalid event', message: 'Event object is invalid', errors: reasons },
  })
  if (status === 401) return path === '' ? undefined : invalid(400, [wrongKey])
  if (status === 429 || (status === 403 && refusal.title === 'Too many requests'))
    return { status, body: { status: 'throttle exceeded', message: detail } }
  if (status >= 500) return { status, body: { status: 'error', message: detail } }
  return invalid(status, errors ?? [detail])
}

/** What a sender shows with its event, in words and a line each: links and images. */
export function shownBeside(links: unknown, images: unknown): Fields {
  const lineOf = (one: unknown, address: string, words: string): string | null => {
    if (!isFields(one) || firstText(one, address) === null) return null
    return [firstText(one, words), firstText(one, address)].filter(Boolean).join(' ')
  }
  const lines = (list: unknown, address: string, words: string): string =>
    (Array.isArray(list) ? list : [])
      .map((one) => lineOf(one, address, words))
      .filter((line) => line !== null)
      .join('\n')
  return { links: lines(links, 'href', 'text'), images: lines(images, 'src', 'alt') }
}

/** The first address in a list of `{ href }`. */
export function firstLink(links: unknown): string | null {
  if (!Array.isArray(links)) return null
  const link: unknown = links.find((one) => isFields(one) && firstText(one, 'href') !== null)
  return isFields(link) ? firstText(link, 'href') : null
}
