import { api } from '#lib/api/client.ts'
import type { Count } from '#lib/api/types.ts'

/** How many tickets each view holds, as this browser last read it; nothing is read here on the server. */
class Counts {
  known = $state.raw<Record<string, Count> | undefined>()

  async read(): Promise<void> {
    const read = await api.get<Record<string, Count>>('/tickets/counts').catch(() => undefined)
    if (read) this.known = read
  }
}

export const counts = new Counts()
