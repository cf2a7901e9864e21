/** Admits `rate` requests a second for each integration, over a burst of twice that. */
export function limiter(
  clock: () => number = () => performance.now(),
): (id: string, rate: number) => boolean {
  const buckets = new Map<string, { tokens: number; at: number }>()
  return (id, rate) => {
    const now = clock()
    const burst = Math.max(1, rate * 2)
    const bucket = buckets.get(id) ?? { tokens: burst, at: now }
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * rate)
    bucket.at = now
    buckets.set(id, bucket)
    if (bucket.tokens < 1) return false
    bucket.tokens -= 1
    return true
  }
}
