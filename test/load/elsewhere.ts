import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parentPort } from 'node:worker_threads'

// Where a flood goes that is none of the door's business: it is answered and forgotten. A thread of neighbours.ts.
const server = createServer((request, response) => {
  request.resume().once('end', () => response.writeHead(202, { 'content-length': 0 }).end())
})
server.listen(0, '127.0.0.1', () => parentPort!.postMessage((server.address() as AddressInfo).port))
