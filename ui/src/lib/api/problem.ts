/** RFC 9457 as our API speaks it. `errors` names fields by path ("impact", "targets.0.minutes"). */
export interface Problem {
  type?: string
  title: string
  status: number
  detail?: string
  request_id?: string
  errors?: { path: string; message: string }[]
  /** At 412: the ticket as it stands now, to be shown beside what was refused. */
  current?: unknown
}

export class ApiProblem extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title)
    this.name = 'ApiProblem'
    this.problem = problem
  }

  get status(): number {
    return this.problem.status
  }

  /** Messages by field path, for forms; what has no field is under ''. */
  get fields(): Record<string, string> {
    const entries = this.problem.errors?.map(({ path, message }) => [path, message]) ?? []
    return Object.fromEntries(entries)
  }
}

/** Reads whatever an unsuccessful answer carried; an answer without a problem document still gets words. */
export async function readProblem(response: Response): Promise<Problem> {
  const fallback = { title: response.statusText || `HTTP ${response.status}`, status: response.status }
  const requestId = response.headers.get('x-request-id') ?? undefined
  try {
    const body = (await response.json()) as Partial<Problem>
    return { request_id: requestId, ...fallback, ...body, status: response.status }
  } catch {
    return { request_id: requestId, ...fallback }
  }
}

export const isProblem = (error: unknown, status?: number): error is ApiProblem =>
  error instanceof ApiProblem && (status === undefined || error.status === status)
