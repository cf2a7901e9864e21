import type { Ref } from '#lib/api/types.ts'

/** One line of the record as the live stream tells it. */
export interface LiveEvent {
  place: number | string
  verb: string
  subject: { kind: string; id: string }
  ticket: { number: string; [key: string]: unknown } | null
  /** A message names whoever is signed in. */
  mentions_me?: boolean
  at: string
}

/** Somebody on a ticket, and whether they write there. */
export interface Here {
  person: Ref
  typing: 'reply' | 'note' | null
  since: string
}

type Listener = (event: LiveEvent) => void
type PresenceListener = (number: string, here: readonly Here[]) => void
type Message =
  | { kind: 'event'; id: string; event: LiveEvent }
  | { kind: 'at'; id: string }
  | { kind: 'reset' }
  | { kind: 'presence'; number: string; here: Here[] }
  | { kind: 'state'; connected: boolean }

const channelName = 'tocsin-live'

/**
 * One event stream a browser, whatever the number of tabs: the tab that holds the lock keeps the connection
 * and tells the others. When it closes, the next tab gets the lock and resumes after the last event seen.
 */
class Live {
  connected = $state(true)
  #listeners = new Set<Listener>()
  #resetListeners = new Set<() => void>()
  #joinListeners = new Set<() => void>()
  #presenceListeners = new Set<PresenceListener>()
  #channel: BroadcastChannel | undefined
  #lastId = ''

  on(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Told when too much was missed to be told one by one: read everything anew. */
  onReset(listener: () => void): () => void {
    this.#resetListeners.add(listener)
    return () => this.#resetListeners.delete(listener)
  }

  /** Told when this tab begins to hear: what changed since the server rendered the page was not heard. */
  onJoin(listener: () => void): () => void {
    this.#joinListeners.add(listener)
    return () => this.#joinListeners.delete(listener)
  }

  /** Told who else is on a ticket where one is, when that changes. */
  onPresence(listener: PresenceListener): () => void {
    this.#presenceListeners.add(listener)
    return () => this.#presenceListeners.delete(listener)
  }

  /** Joins the stream; returns how to leave it. */
  start(): () => void {
    const leaving = new AbortController()
    const channel = new BroadcastChannel(channelName)
    this.#channel = channel
    channel.addEventListener('message', ({ data }: MessageEvent<Message>) => this.#take(data))
    void this.#elect(leaving.signal)
    return () => {
      leaving.abort()
      channel.close()
    }
  }

  /** Leads at once, or listens until the tab that leads is gone. Without locks (plain http), every tab leads. */
  async #elect(leaving: AbortSignal): Promise<void> {
    const lead = () => this.#connect(leaving)
    if (!navigator.locks) return lead()
    await navigator.locks.request(channelName, { ifAvailable: true }, (lock) => {
      if (lock) return lead()
      this.#tellJoined()
      navigator.locks.request(channelName, { signal: leaving }, lead).catch(() => undefined)
      return undefined
    })
  }

  #tellJoined(): void {
    for (const listener of this.#joinListeners) listener()
  }

  #take(message: Message): void {
    if (message.kind === 'state') {
      this.connected = message.connected
      return
    }
    if (message.kind === 'reset') {
      for (const listener of this.#resetListeners) listener()
      return
    }
    if (message.kind === 'presence') {
      for (const listener of this.#presenceListeners) listener(message.number, message.here)
      return
    }
    this.#lastId = message.id
    if (message.kind === 'at') return
    for (const listener of this.#listeners) listener(message.event)
  }

  #tell(message: Message): void {
    this.#take(message)
    this.#channel?.postMessage(message)
  }

  /** Keeps the connection until the tab leaves. EventSource itself retries and sends Last-Event-ID. */
  #connect(leaving: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    let source: EventSource | undefined
    let again: ReturnType<typeof setTimeout> | undefined
    const open = () => {
      const after = this.#lastId ? `?after=${encodeURIComponent(this.#lastId)}` : ''
      source = new EventSource(`/api/v1/stream${after}`)
      source.addEventListener('open', () => this.#tell({ kind: 'state', connected: true }))
      source.addEventListener('activity', (message: MessageEvent<string>) => {
        this.#tell({ kind: 'event', id: message.lastEventId, event: JSON.parse(message.data) as LiveEvent })
      })
      source.addEventListener('presence', ({ data }: MessageEvent<string>) => {
        const { number, here } = JSON.parse(data) as { number: string; here: Here[] }
        this.#tell({ kind: 'presence', number, here })
      })
      source.addEventListener('hello', ({ lastEventId }) => {
        const first = this.#lastId === ''
        this.#tell({ kind: 'at', id: lastEventId })
        if (first) this.#tellJoined()
      })
      source.addEventListener('reset', () => this.#tell({ kind: 'reset' }))
      source.addEventListener('error', () => {
        this.#tell({ kind: 'state', connected: false })
        // A refused stream (the API restarting) is closed for good by the browser: open it anew.
        if (source?.readyState === EventSource.CLOSED) again = setTimeout(open, 1500)
      })
    }
    if (leaving.aborted) return Promise.resolve()
    open()
    leaving.addEventListener('abort', () => {
      clearTimeout(again)
      source?.close()
      resolve()
    })
    return promise
  }
}

export const live = new Live()
