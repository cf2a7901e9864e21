import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

/** Loopback ports that were free a moment ago, no two the same. */
export async function freePorts(count: number): Promise<number[]> {
  // Held all at once, so that none is handed out twice.
  const probes = await Promise.all(
    Array.from({ length: count }, async () => {
      const probe = createServer()
      await new Promise<void>((resolve, reject) => {
        probe.once('error', reject)
        probe.listen(0, '127.0.0.1', resolve)
      })
      return probe
    }),
  )
  const ports = probes.map((probe) => (probe.address() as AddressInfo).port)
  await Promise.all(probes.map((probe) => new Promise((resolve) => probe.close(resolve))))
  return ports
}
