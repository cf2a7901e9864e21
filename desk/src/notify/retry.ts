const FIRST_MS = 5_000
const LONGEST_MS = 300_000
export const MOST_ATTEMPTS = 10

/**
 * How long to wait after this failed attempt (from 1): doubling from 5 s to 5 min, half of it by chance so
 * that what failed together does not come back together; undefined once it was tried often enough.
 */
export function backoffMs(attempt: number, chance = Math.random()): number | undefined {
  if (attempt >= MOST_ATTEMPTS) return undefined
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1))
  return Math.round(full / 2 + (full / 2) * chance)
}
