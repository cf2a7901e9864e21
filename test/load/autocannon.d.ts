// The package brings no types: only what the load tests use.
declare module 'autocannon' {
  interface Options {
    url: string
    method?: string
    headers?: Record<string, string>
    body?: string
    /** Sent in turn on each connection, in place of the one above. */
    requests?: { body: string }[]
    /** Requests a second of all connections together; as fast as they are answered where it is not given. */
    overallRate?: number
    /** Threads of its own to send from. */
    workers?: number
    connections?: number
    duration?: number
  }
  interface Result {
    '2xx': number
    non2xx: number
    errors: number
    /** Seconds. */
    duration: number
    latency: { p50: number; p99: number }
  }
  export default function autocannon(options: Options): Promise<Result>
}
