import type { Db } from '@tocsin/db'
import { createLog } from '@tocsin/db/process'
import {
  addContactMethod,
  type ContactInput,
  createEscalationPolicy,
  createSchedule,
  openTickets,
  type Rotation,
  type EscalationStep,
  SYSTEM,
  transact,
} from '@tocsin/desk'
import { type EngineOptions, runSweeps } from '@tocsin/desk/engine'
import { Registry } from 'prom-client'

export const TEST_SECRET = 'a secret that only tests know, long enough'
export const TEST_PUBLIC_URL = 'http://127.0.0.1:3000'

/** A schedule in which these people take turns day by day, from long ago. */
export const aSchedule = (
  db: Db,
  teamId: string,
  people: string[],
  rotation: Partial<Rotation> = {},
): Promise<string> =>
  transact(db, SYSTEM, (tx) =>
    createSchedule(tx, {
      name: 'Nights',
      teamId,
      zone: 'Europe/Rome',
      rotations: [
        {
          name: 'primary',
          every: 'day',
          length: 1,
          starts_on: '2026-01-05',
          handoff: '09:00',
          people,
          ...rotation,
        },
      ],
    }),
  )

export const aPolicy = (db: Db, steps: EscalationStep[], repeats = 0): Promise<string> =>
  transact(db, SYSTEM, (tx) => createEscalationPolicy(tx, { name: 'Wake somebody', steps, repeats }))

export const aContact = (db: Db, personId: string, input: Partial<ContactInput>) =>
  transact(db, SYSTEM, (tx) =>
    addContactMethod(tx, personId, { kind: 'app', address: '', delayMs: 0, ...input }, TEST_SECRET),
  )

/** Opens incidents that escalate by the policy. Answers them in order. */
export const someIncidents = (db: Db, policyId: string | null, count = 1, teamId: string | null = null) =>
  transact(db, SYSTEM, (tx) =>
    openTickets(
      tx,
      Array.from({ length: count }, (_, index) => ({
        kind: 'incident' as const,
        title: `Disk full on db-${index + 1}`,
        impact: 'high' as const,
        urgency: 'high' as const,
        channel: 'monitoring' as const,
        escalationPolicyId: policyId,
        teamId,
      })),
    ),
  )

export interface RunningEngine {
  registry: Registry
  /** Stops as on SIGTERM: what is under way is finished. */
  stop: () => Promise<void>
}

/** An engine's sweeps in this process. */
export function startEngine(
  record: { db: Db; url: string },
  config: Partial<EngineOptions['config']> = {},
): RunningEngine {
  const stopping = new AbortController()
  const registry = new Registry()
  const running = runSweeps({
    db: record.db,
    databaseUrl: record.url,
    log: createLog('engine', process.env.TOCSIN_LOG_LEVEL ?? 'silent'),
    registry,
    config: { publicUrl: TEST_PUBLIC_URL, secret: TEST_SECRET, webhookAllow: ['127.0.0.0/8'], ...config },
    signal: stopping.signal,
  })
  return {
    registry,
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}
