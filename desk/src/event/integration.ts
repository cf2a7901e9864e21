import { sql } from 'kysely'
import { DeskError, found, record, type Tx } from '../activity/index.ts'
import { mintKey } from '../auth/index.ts'
import { isZone } from '../calendar/index.ts'
import { checkMailRules, type MailRule } from './mail.ts'
import { type Rhythm, setQuietAlarm, setRhythm, stopWatching } from './heartbeat.ts'
import { setShadow } from './shadow.ts'
import type { System } from './systems.ts'

export interface IntegrationInput {
  system: System
  name: string
  serviceId?: string | null
  teamId?: string | null
  escalationPolicyId?: string | null
  /** Decided as ever, and nobody is paged. */
  shadow?: boolean
}

export interface MintedKey {
  id: string
  /** Shown once, here. */
  key: string
  hint: string
}

/** Adds a source with its first key. */
export async function createIntegration(
  tx: Tx,
  input: IntegrationInput,
): Promise<{ id: string; key: MintedKey }> {
  const { id } = await tx.db
    .insertInto('integration')
    .values({
      system: input.system,
      name: input.name,
      service_id: input.serviceId ?? null,
      team_id: input.teamId ?? null,
      escalation_policy_id: input.escalationPolicyId ?? null,
      created_at: tx.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  if (input.system === 'heartbeat') await setRhythm(tx, id)
  if (input.shadow) await setShadow(tx, id, true)
  await record(tx, [
    {
      verb: 'create',
      subject: { kind: 'integration', id },
      after: {
        system: input.system,
        service: input.serviceId,
        team: input.teamId,
        escalation_policy: input.escalationPolicyId,
        shadow: input.shadow,
      },
      visibility: 'audit',
    },
  ])
  return { id, key: await mintIntegrationKey(tx, id) }
}

export interface IntegrationEdit extends Partial<Omit<IntegrationInput, 'system'>> {
  /** How many the door takes of it; null: as many as of any healthy sender. */
  requestsPerSecond?: number | null
  /** IANA: of the wall times that its sender writes; null: UTC. */
  timeZone?: string | null
  /** Of an address for mail: what a mail means, the first rule that fits. */
  mailRules?: MailRule[]
  /** Of a heartbeat: how often it must be heard of. */
  rhythm?: Rhythm
  /** Of any other source: silent for so long, it raises an alert about itself; null: never. */
  quietAfterMinutes?: number | null
  /** The revision that the change was made on; `stale` when there is a newer one. */
  seenRevision?: number
}

export async function editIntegration(tx: Tx, id: string, input: IntegrationEdit): Promise<void> {
  checkRate(input.requestsPerSecond)
  checkZone(input.timeZone)
  if (input.mailRules) checkMailRules(input.mailRules)
  const settings = JSON.stringify({
    requests_per_second: input.requestsPerSecond,
    time_zone: input.timeZone,
    mail_rules: input.mailRules,
  })
  await demandRevision(tx, id, input.seenRevision)
  const row = await tx.db
    .updateTable('integration')
    .set((eb) => ({
      ...(input.name !== undefined && { name: input.name }),
      ...(input.serviceId !== undefined && { service_id: input.serviceId }),
      ...(input.teamId !== undefined && { team_id: input.teamId }),
      ...(input.escalationPolicyId !== undefined && { escalation_policy_id: input.escalationPolicyId }),
      ...(settings !== '{}' && { settings: sql<string>`jsonb_strip_nulls(settings || ${settings}::jsonb)` }),
      revision: eb('revision', '+', 1),
    }))
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  found(row, 'integration')
  if (input.shadow !== undefined) await setShadow(tx, id, input.shadow)
  if (input.rhythm) await setRhythm(tx, id, input.rhythm)
  if (input.quietAfterMinutes !== undefined) await setQuietAlarm(tx, id, input.quietAfterMinutes)
  await record(tx, [
    {
      verb: 'edit',
      subject: { kind: 'integration', id },
      after: {
        service: input.serviceId,
        team: input.teamId,
        escalation_policy: input.escalationPolicyId,
        requests_per_second: input.requestsPerSecond,
        time_zone: input.timeZone,
        mail_rules: input.mailRules?.length,
        shadow: input.shadow,
        ...input.rhythm,
        quiet_after_minutes: input.quietAfterMinutes,
      },
      visibility: 'audit',
    },
  ])
}

const MOST_REQUESTS = 20_000

function checkRate(rate: number | null | undefined): void {
  if (rate === undefined || rate === null) return
  if (Number.isInteger(rate) && rate >= 1 && rate <= MOST_REQUESTS) return
  throw new DeskError('invalid', 'This limit cannot be kept.', {
    errors: [
      { path: 'requests_per_second', message: `A whole number from 1 to ${MOST_REQUESTS}, or nothing.` },
    ],
  })
}

function checkZone(zone: string | null | undefined): void {
  if (zone === undefined || zone === null || isZone(zone)) return
  throw new DeskError('invalid', 'This is no time zone.', {
    errors: [{ path: 'time_zone', message: 'An IANA time zone, such as Europe/Rome.' }],
  })
}

async function demandRevision(tx: Tx, id: string, seen: number | undefined): Promise<void> {
  if (seen === undefined) return
  const row = await tx.db
    .selectFrom('integration')
    .select('revision')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  const { revision } = found(row, 'integration')
  if (seen < revision)
    throw new DeskError(
      'stale',
      'Somebody changed this integration meanwhile. Look at it again before you save.',
      { current: { revision } },
    )
}

/** Its keys stop at once; what it sent stays. */
export async function archiveIntegration(tx: Tx, id: string): Promise<void> {
  const row = await tx.db
    .updateTable('integration')
    .set({ archived_at: tx.now })
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  found(row, 'integration')
  await stopWatching(tx, id)
  await record(tx, [{ verb: 'archive', subject: { kind: 'integration', id }, visibility: 'audit' }])
}

const LIVE_KEYS = 2

/** A further key beside the old one, so that senders can be changed one by one: two at most. */
export async function rotateIntegrationKey(tx: Tx, integrationId: string): Promise<MintedKey> {
  const integration = await tx.db
    .selectFrom('integration')
    .select('id')
    .where('id', '=', integrationId)
    .where('archived_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  found(integration, 'integration')
  const { live } = await tx.db
    .selectFrom('integration_key')
    .select((eb) => eb.fn.countAll<number>().as('live'))
    .where('integration_id', '=', integrationId)
    .where('revoked_at', 'is', null)
    .executeTakeFirstOrThrow()
  if (live >= LIVE_KEYS)
    throw new DeskError(
      'conflict',
      'There are two keys already. Revoke the one that no sender uses any more.',
    )
  return mintIntegrationKey(tx, integrationId)
}

export async function revokeIntegrationKey(tx: Tx, integrationId: string, keyId: string): Promise<void> {
  const row = await tx.db
    .updateTable('integration_key')
    .set({ revoked_at: tx.now })
    .where('id', '=', keyId)
    .where('integration_id', '=', integrationId)
    .where('revoked_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  found(row, 'key')
  await record(tx, [
    {
      verb: 'revoke',
      subject: { kind: 'integration_key', id: keyId },
      before: { integration: integrationId },
      visibility: 'audit',
    },
  ])
}

async function mintIntegrationKey(tx: Tx, integrationId: string): Promise<MintedKey> {
  const minted = mintKey('toc')
  const { id } = await tx.db
    .insertInto('integration_key')
    .values({ integration_id: integrationId, hash: minted.hash, hint: minted.hint, created_at: tx.now })
    .returning('id')
    .executeTakeFirstOrThrow()
  await record(tx, [
    {
      verb: 'create',
      subject: { kind: 'integration_key', id },
      after: { integration: integrationId },
      visibility: 'audit',
    },
  ])
  return { id, key: minted.key, hint: minted.hint }
}
