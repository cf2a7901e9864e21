import { setTimeout as pause } from 'node:timers/promises'
import { inspect } from 'node:util'

/**
 * Waits for a fact: polls `fact` until it returns something truthy, and returns that.
 * Throws after `deadline` ms with the last thing seen; `what` says in words what was awaited.
 */
export async function until<T>(
  fact: () => T | Promise<T>,
  {
    deadline = 15_000,
    every = 25,
    what = fact.toString(),
  }: { deadline?: number; every?: number; what?: string } = {},
): Promise<NonNullable<T>> {
  const end = performance.now() + deadline
  for (;;) {
    const seen = await Promise.resolve()
      .then(fact)
      .then(
        (value) => ({ value, error: undefined }),
        (error: unknown) => ({ value: undefined, error }),
      )
    if (seen.value) return seen.value
    if (performance.now() > end) {
      const last = inspect(seen.error ?? seen.value, { depth: 3 })
      throw new Error(`Waited ${deadline} ms in vain for: ${what}\nLast seen: ${last}`, { cause: seen.error })
    }
    await pause(every)
  }
}
