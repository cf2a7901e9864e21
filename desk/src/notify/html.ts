const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => ENTITIES[char]!)

const paragraph = (text: string) => `<p style="margin:0 0 12px;white-space:pre-line">${escapeHtml(text)}</p>`

export const button = (label: string, url: string): string =>
  `<p style="margin:16px 0"><a href="${escapeHtml(url)}" style="display:inline-block;padding:12px 20px;` +
  `border-radius:6px;background:#1d4e57;color:#fff;text-decoration:none;font-weight:600">${escapeHtml(label)}</a></p>`

/** A mail's HTML part: strings are text and are escaped; `raw` parts were made here. */
export function htmlMail(locale: string, parts: (string | { raw: string })[]): string {
  const body = parts.map((part) => (typeof part === 'string' ? paragraph(part) : part.raw)).join('\n')
  return (
    `<!doctype html><html lang="${locale}"><body style="font:16px/1.5 system-ui,sans-serif;color:#1b1f24;` +
    `max-width:36em;margin:0 auto;padding:16px">\n${body}\n</body></html>`
  )
}
