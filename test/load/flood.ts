import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import autocannon from 'autocannon'

// The flood of neighbours.ts, a process of its own that stands ready before anything is measured: what is measured is
// the door, not how a generator starts, nor two senders that wait for each other. Told where to send; no address: to
// itself, where it is answered and forgotten.
export interface Flood {
  url?: string
  body: string
  connections: number
  seconds: number
  /** Requests a second; as fast as they are answered where it is not given. */
  rate?: number
}

export interface Flooded {
  taken: number
  refused: number
}

const server = createServer((request, response) => {
  request.resume().once('end', () => response.writeHead(202, { 'content-length': 0 }).end())
})
server.listen(0, '127.0.0.1', () => process.send!('ready'))

process.on('message', (asked: Flood) => void send(asked))

async function send({ url, body, connections, seconds, rate }: Flood): Promise<void> {
  const result = await autocannon({
    url: url ?? `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    method: 'POST',
    body,
    connections,
    duration: seconds,
    ...(rate && { overallRate: rate }),
  })
  const perSecond = (count: number) => Math.round(count / result.duration)
  process.send!({ taken: perSecond(result['2xx']), refused: perSecond(result.non2xx) } satisfies Flooded)
}
