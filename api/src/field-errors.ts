import type { FieldError } from '@tocsin/desk'
import type { z } from '@hono/zod-openapi'

type Issue = z.core.$ZodIssue

/**
 * Each field that is wrong, by its path. `unknown`: one of them is no field here, or not theirs to set. Of a body that
 * may be one thing or another, what the one that fits best says.
 */
export function fieldErrors(issues: readonly Issue[]): { unknown: boolean; errors: FieldError[] } {
  const all = issues.flatMap(bestOf)
  return {
    unknown: all.some(({ code }) => code === 'unrecognized_keys'),
    errors: all.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ path: [...issue.path, key].join('.'), message: 'is not a field here' }))
        : [{ path: issue.path.join('.'), message: issue.message }],
    ),
  }
}

function bestOf(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.path.length > 0 || issue.errors.length === 0) return [issue]
  return issue.errors.toSorted((a, b) => a.length - b.length)[0]!.flatMap(bestOf)
}
