import pg from 'pg'

export interface Listener {
  close: () => Promise<void>
}

/**
 * Calls `wake` on every NOTIFY of `channel`, and once after each reconnection, since a notification sent
 * meanwhile is gone. Notifications only hasten: every reader also polls.
 */
export async function listen(
  url: string,
  channel: string,
  wake: (payload: string) => void,
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
      application_name: `listen ${channel}`,
      keepAlive: true,
    })
    client = next
    next.on('error', () => lost(next))
    next.on('end', () => lost(next))
    next.on('notification', (message) => wake(message.payload ?? ''))
    try {
      await next.connect()
      await next.query(`listen ${pg.escapeIdentifier(channel)}`)
      wake('')
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
