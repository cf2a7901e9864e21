const MOST = 200
// C0, C1 and DEL; soft hyphen; what joins, marks or turns text invisibly; line and paragraph separators.
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu
// What one file system or another gives a meaning to.
const SPECIAL = /[<>:"|?*]/g

/**
 * A file's name as it is shown and given back: one path segment, composed Unicode, nothing invisible, at most
 * 200 characters with its extension kept. Never used to store anything.
 */
export function safeFileName(given: string): string {
  // What is unseen goes first: a zero-width character must not hide a leading dot from the check after it.
  const seen = given.toWellFormed().normalize('NFC').replace(UNSEEN, '')
  const segment = seen.split(/[/\\]/).at(-1)!.replace(SPECIAL, '_')
  const bare = segment.replace(/^[\s.]+|[\s.]+$/g, '')
  return shorten(bare) || 'file'
}

function shorten(name: string): string {
  const characters = Array.from(name)
  if (characters.length <= MOST) return name
  const extension = Array.from(/\.[^.\s]{1,20}$/.exec(name)?.[0] ?? '')
  return [...characters.slice(0, MOST - extension.length), ...extension].join('')
}

const MAGIC: [string, (head: Buffer) => boolean][] = [
  ['image/png', (head) => head.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'))],
  ['image/jpeg', (head) => head.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex'))],
  ['image/gif', (head) => /^GIF8[79]a$/.test(head.subarray(0, 6).toString('latin1'))],
  [
    'image/webp',
    (head) => head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP',
  ],
]

/** Raster images that a browser may show in the page: nothing in them runs. */
export const SHOWABLE = new Set(MAGIC.map(([type]) => type))

/** The type by the first bytes where it is a raster image; else the sender's word, which may not claim one. */
export function contentTypeOf(head: Buffer, claimed: string): string {
  const image = MAGIC.find(([, matches]) => matches(head))
  if (image) return image[0]
  const type = claimed.toLowerCase().split(';')[0]!.trim()
  return /^[a-z]+\/[\w.+-]{1,100}$/.test(type) && !SHOWABLE.has(type) ? type : 'application/octet-stream'
}
