/** Postgres keeps neither NUL nor half a surrogate pair. */
export const clean = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed()
