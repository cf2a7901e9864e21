const TAG =
  /<\/?(?:p|div|br|span|b|i|u|strong|em|a|ul|ol|li|table|tr|td|th|h[1-6]|img|pre|blockquote|font|hr)\b[^<>]{0,2000}>/i
const ENTITIES = new Map(
  `amp & lt < gt > quot " apos ' hellip … ndash – mdash — lsquo ‘ rsquo ’ ldquo “ rdquo ” laquo « raquo » bull • euro €
   deg ° agrave à aacute á acirc â auml ä ccedil ç egrave è eacute é ecirc ê euml ë igrave ì icirc î iuml ï ograve ò
   ocirc ô ouml ö ugrave ù ucirc û uuml ü szlig ß ntilde ñ`
    .split(/\s+/)
    .flatMap((name, place, all): [string, string][] => (place % 2 === 0 ? [[name, all[place + 1]!]] : [])),
).set('nbsp', ' ')

/** The text of HTML, blocks on lines of their own; what has no markup is left as it is. Some desks escape it once more. */
export function textOfMarkup(given: string): string {
  const html = TAG.test(given) ? given : withoutEntities(given)
  if (!TAG.test(html)) return given.includes('&') ? withoutEntities(given) : given
  const text = withoutBlocks(html)
    .replace(/\[\/?code\]/gi, '')
    .replace(/\s+/g, ' ')
    .replace(/<br\b[^<>]*>|<\/(?:p|div|tr|h[1-6]|ul|ol|table|blockquote|pre)>/gi, '\n')
    .replace(/<li\b[^<>]*>/gi, '\n- ')
    .replace(/<\/t[dh]>/gi, ' ')
    .replace(/<[a-z/!][^<>]*>/gi, '')
  return withoutEntities(text)
    .replace(/[^\S\n]*\n[^\S\n]*/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** Without what is between such tags, up to the first that never ends. */
function withoutBlocks(html: string): string {
  const opening = /<(script|style|head)\b[^<>]*>/gi
  const lower = html.toLowerCase()
  let [kept, at] = ['', 0]
  for (let tag = opening.exec(html); tag; tag = opening.exec(html)) {
    const end = lower.indexOf(`</${tag[1]!.toLowerCase()}>`, opening.lastIndex)
    if (end === -1) break
    kept += html.slice(at, tag.index)
    at = html.indexOf('>', end) + 1
    opening.lastIndex = at
  }
  return kept + html.slice(at)
}

const withoutEntities = (text: string): string =>
  text.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,8}));/gi,
    (whole, decimal, hex, name: string | undefined) => {
      if (name !== undefined) return ENTITIES.get(name.toLowerCase()) ?? whole
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
    },
  )
