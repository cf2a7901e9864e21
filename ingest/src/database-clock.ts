export interface DatabaseClock {
  /** Learns from an answer of the database. */
  told: (databaseNow: Date) => void
  /** The database's instant as far as known; adapters judge by it, because this machine's clock may be wrong. */
  now: () => Date
}

export function databaseClock(): DatabaseClock {
  let offset = Date.now() - performance.now()
  return {
    told: (databaseNow) => {
      offset = databaseNow.getTime() - performance.now()
    },
    now: () => new Date(performance.now() + offset),
  }
}
