import type { Db } from '@tocsin/db'
import {
  hashKey,
  isSystem,
  type MailRule,
  type Mapping,
  mappingOf,
  readSecrets,
  type System,
} from '@tocsin/desk'
import { sql } from 'kysely'

export interface Sender {
  integrationId: string
  system: System
  keyHash: string
  /** Requests a second that this integration may send, over a burst of twice that. */
  rate: number
  /** What its sender signs with, where it does; two while one replaces the other. */
  secrets: string[]
  zone: string
  mailRules: MailRule[]
  /** How its bodies are read, where people have said it. */
  mapping: Mapping | null
}

/** Those who are remembered are answered at once. */
export type Authenticate = (key: string) => Sender | Promise<Sender | undefined>

const FRESH_MS = 5_000
const STRANGER_FRESH_MS = 1_000
const REMEMBERED = 10_000
// Far above any healthy sender: it protects the others from one that runs away.
const USUAL_RATE = 20_000

interface Row {
  now: Date
  id: string | null
  system: string
  rate: number | null
  zone: string | null
  mail_rules: MailRule[] | null
  mapping: unknown
  sealed: Buffer | null
}

/**
 * Whose key this is. Answers are remembered for some seconds, strangers for one; a key revoked meanwhile is
 * still refused, because keeping the receipt checks it again in the same statement.
 */
export function authenticator(db: Db, secret: string, told: (databaseNow: Date) => void): Authenticate {
  const known = new Map<string, { sender: Sender | Promise<Sender | undefined>; until: number }>()
  const look = async (keyHash: string): Promise<Sender | undefined> => {
    const { rows } = await sql<Row>`
      select m.now, i.id, i.system, (i.settings ->> 'requests_per_second')::float as rate,
             i.settings ->> 'time_zone' as zone, i.settings -> 'mail_rules' as mail_rules, i.settings -> 'mapping' as mapping,
             i.secret_encrypted as sealed
      from (select tocsin_now() as now) m
      left join integration_key k on k.hash = decode(${keyHash}, 'hex') and k.revoked_at is null
        and (k.expires_at is null or k.expires_at > m.now)
      left join integration i on i.id = k.integration_id and i.archived_at is null`.execute(db)
    const row = rows[0]!
    told(row.now)
    if (row.id === null || !isSystem(row.system)) return undefined
    return {
      integrationId: row.id,
      system: row.system,
      keyHash,
      rate: row.rate ?? USUAL_RATE,
      secrets: row.sealed ? readSecrets(secret, row.sealed) : [],
      zone: row.zone ?? 'UTC',
      mailRules: row.mail_rules ?? [],
      mapping: mappingOf(row.mapping).mapping,
    }
  }
  return (key) => {
    const keyHash = hashKey(key).toString('hex')
    const now = performance.now()
    const before = known.get(keyHash)
    if (before && before.until > now) return before.sender
    const looking = look(keyHash)
    const entry: { sender: Sender | Promise<Sender | undefined>; until: number } = {
      sender: looking,
      until: now + FRESH_MS,
    }
    known.delete(keyHash)
    known.set(keyHash, entry)
    if (known.size > REMEMBERED) known.delete(known.keys().next().value!)
    looking.then(
      (sender) => {
        if (sender) entry.sender = sender
        else entry.until = performance.now() + STRANGER_FRESH_MS
      },
      () => known.delete(keyHash),
    )
    return looking
  }
}
