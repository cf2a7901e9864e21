export type ErrorCode =
  | 'invalid' // the input cannot be understood or breaks a rule: 400, or 422 with field errors
  | 'unauthenticated' // 401
  | 'forbidden' // 403
  | 'not_found' // 404; also what a foreign row answers
  | 'conflict' // 409: the state does not allow it
  | 'stale' // 412: somebody changed it since
  | 'gone' // 410: used or expired
  | 'too_large' // 413
  | 'limited' // 429
  | 'unavailable' // 503: come again

export interface FieldError {
  /** Dotted path into the input. */
  path: string
  message: string
}

export interface ErrorDetails {
  errors?: FieldError[]
  /** The errors name fields that there are not: the whole request is misread. */
  unknown?: boolean
  /** Seconds after which a retry makes sense. */
  retryAfter?: number
  /** The current state, where the caller must choose between it and what they sent. */
  current?: unknown
  cause?: unknown
}

/** The one error of the domain. `message` is shown to people: it says what happened and what to do. */
export class DeskError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause })
    this.name = 'DeskError'
    this.code = code
    this.details = details
  }
}

/** Unwraps a row that must exist, or answers as for a foreign one. */
export function found<T>(row: T | undefined, what: string): T {
  if (row === undefined) throw new DeskError('not_found', `There is no such ${what}.`)
  return row
}
