// Half a second to a second of work: whoever waits behind it waits for little, and what happens to one alert meanwhile
// is written once.
const SHORT_MS = 500
const LONG_MS = 1_000
const LEAST = 1_250
const USUAL = 10_000
const MOST = 20_000

/** How many events the next batch of an integration may hold, by how long its last full one took. */
export interface BatchSize {
  next: (integrationId: string) => number
  took: (integrationId: string, events: number, ms: number) => void
}

export function batchSize(): BatchSize {
  const sizes = new Map<string, number>()
  const next = (integrationId: string) => sizes.get(integrationId) ?? USUAL
  return {
    next,
    took: (integrationId, events, ms) => {
      const size = next(integrationId)
      if (ms > LONG_MS) sizes.set(integrationId, Math.max(LEAST, size / 2))
      else if (ms < SHORT_MS && events >= size * 0.9) sizes.set(integrationId, Math.min(MOST, size * 2))
      // Only those that are under load are remembered.
      else if (events < LEAST) sizes.delete(integrationId)
    },
  }
}
