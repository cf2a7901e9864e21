import { connect, createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

export interface TcpProxy {
  port: number
  /** Packets vanish both ways, and connections neither open nor close, until thawed. */
  freeze: (frozen: boolean) => void
  /** Freezes when the next transaction with such a statement has been told to commit; its answer is held up. */
  freezeAfterCommitOf: (statement: string) => Promise<void>
  close: () => void
}

/** Stands between a client and a server, as a network that can go dead. */
export async function tcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let frozen = false
  let awaited: { statement: string; done: () => void } | undefined
  const within = new Set<Socket>()
  const freeze = (value: boolean) => {
    frozen = value
    for (const socket of sockets) {
      if (value) socket.pause()
      else socket.resume()
    }
  }
  const watch = (client: Socket, chunk: Buffer) => {
    if (!awaited) return
    if (chunk.includes(awaited.statement)) within.add(client)
    if (!within.has(client) || !chunk.includes('commit')) return
    freeze(true)
    awaited.done()
    awaited = undefined
    within.clear()
  }
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect(target.port, target.host)
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from)
      from.on('data', (chunk: Buffer) => {
        to.write(chunk)
        if (from === client) watch(client, chunk)
      })
      from.on('error', () => to.destroy())
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      if (frozen) from.pause()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    freeze,
    freezeAfterCommitOf: (statement) => new Promise((done) => (awaited = { statement, done })),
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
