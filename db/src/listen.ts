import pg from 'pg'

export interface Listener {
  close: () => Promise<void>
}

/**
 * Calls `wake` on every NOTIFY of the channels, and once for each after a reconnection, since a notification
 * sent meanwhile is gone. Notifications only hasten: every reader also polls.
 */
export async function listen(
  url: string,
  channels: string[],
  wake: (payload: string, channel: string) => void,
): Promise<Listener> {
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let closed = false
  const lost = (from: pg.Client) => {
    if (client !== from) return
    client = undefined
    if (!closed) timer = setTimeout(() => void open(), 500)
  }
  const open = async () => {
    const next = new pg.Client({
      connectionString: url,
      application_name: `listen ${channels.join(' ')}`,
      keepAlive: true,
    })
    client = next
    next.on('error', () => lost(next))
    next.on('end', () => lost(next))
    next.on('notification', (message) => wake(message.payload ?? '', message.channel))
    try {
      await next.connect()
      await next.query(channels.map((channel) => `listen ${pg.escapeIdentifier(channel)}`).join('; '))
      for (const channel of channels) wake('', channel)
    } catch {
      lost(next)
    }
  }
  await open()
  return {
    close: async () => {
      closed = true
      clearTimeout(timer)
      await client?.end()
    },
  }
}
