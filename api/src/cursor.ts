import { DeskError } from '@tocsin/desk'

/** A place in a list, opaque to callers: the sort values of the last row shown. */
export const encodeCursor = (values: (string | number | null)[]): string =>
  Buffer.from(JSON.stringify(values)).toString('base64url')

export function decodeCursor(cursor: string, length: number): (string | number | null)[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(values) && values.length === length && values.every(isPlain)) return values
  } catch (error) {
    throw new DeskError('invalid', 'The cursor is not one that a list gave.', { cause: error })
  }
  throw new DeskError('invalid', 'The cursor is not one that this list gave.')
}

const isPlain = (value: unknown): value is string | number | null =>
  value === null || typeof value === 'string' || typeof value === 'number'
