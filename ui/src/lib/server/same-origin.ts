const reading = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Whether a request may act with the person's cookie: reads always; changes only from our own pages.
 * Programs send no Origin and no cookie, so they pass.
 */
export function mayAct(request: Request, publicUrl: string | undefined): boolean {
  if (reading.has(request.method)) return true
  const site = request.headers.get('sec-fetch-site')
  if (site === 'cross-site') return false
  const origin = request.headers.get('origin')
  if (!origin) return true
  if (publicUrl && origin === new URL(publicUrl).origin) return true
  const host = request.headers.get('x-forwarded-host') ?? request.headers.get('host')
  return URL.canParse(origin) && new URL(origin).host === host
}
