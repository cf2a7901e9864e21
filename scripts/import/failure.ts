import { DeskError } from '@tocsin/desk'

/** What whoever typed the command is told, as it stands. */
export class Told extends Error {}

const AWAY = 'The database cannot be reached'
const WORDS: Record<string, string> = {
  ECONNREFUSED: AWAY,
  ECONNRESET: AWAY,
  ENOTFOUND: AWAY,
  EAI_AGAIN: AWAY,
  EHOSTUNREACH: AWAY,
  ENETUNREACH: AWAY,
  ETIMEDOUT: AWAY,
  '57P01': 'The database is being shut down',
  '57P03': 'The database is not ready yet',
  '28P01': 'The database refuses this user or password',
  '28000': 'The database refuses this user',
  '3D000': 'There is no such database',
  '42P01': 'The database is not prepared for this version: start the desk once',
  '42703': 'The database is not prepared for this version: start the desk once',
  '42501': 'The database does not let this user do it',
  EACCES: 'A file may not be read or written',
  EISDIR: 'A folder is in the place of a file',
  ENOSPC: 'The disk is full',
}

/** What went wrong, in words for whoever typed the command; undefined for a fault of ours, which shows itself whole. */
export function plainly(error: unknown): string | undefined {
  if (error instanceof DeskError)
    return [
      error.message,
      ...(error.details.errors ?? []).map(({ path, message }) => `  ${path}: ${message}`),
    ].join('\n')
  if (error instanceof Told) return error.message
  const { code = '', message } = error as NodeJS.ErrnoException
  if (message?.startsWith('The environment cannot be used')) return message
  // The pool says it so when nobody answers in time.
  const words = WORDS[code] ?? (/timeout/i.test(message ?? '') ? AWAY : undefined)
  return words && `${words}${message ? `: ${message}` : '.'}`
}
