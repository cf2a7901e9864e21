import { DeskError } from '../activity/index.ts'

const MOST = 40

/**
 * A tag as it is kept, whoever typed it: lower case, words joined by dashes, letters, digits and `_ . / :` alone. Throws
 * `invalid` when nothing of that is left, or too much.
 */
export function normaliseTag(text: string, path = 'name'): string {
  const name = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/^[\s#]+|\s+$/g, '')
    .replace(/[\s-]+/g, '-')
    .replace(/[^\p{L}\p{N}_./:-]/gu, '')
    .replace(/^-+|-+$/g, '')
  if (name === '' || name.length > MOST)
    throw new DeskError('invalid', `A tag has 1 to ${MOST} letters or digits.`, {
      errors: [{ path, message: `1 to ${MOST} letters or digits` }],
    })
  return name
}
