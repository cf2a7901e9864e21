import { randomBytes } from 'node:crypto'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Integration } from './integrations.ts'
import { FACES, type People } from './people.ts'
import type { World } from './world.ts'

/** Everything that opens a door of this demo; it stands in demo.json and nowhere else. */
export interface Keys {
  people: { role: string; email: string; password: string }[]
  apiKey: string
}

/** Gives each face a sign-in with a password of its own, and the administrator an API key. */
export async function openDoors(
  { chance, load, rules, start, now }: World,
  { faces }: People,
): Promise<Keys> {
  const people = FACES.map((role) => ({
    role,
    email: faces[role].email,
    password: randomBytes(12).toString('base64url'),
  }))
  const hashes = await Promise.all(people.map(({ password }) => rules.hashPassword(password)))
  for (const [position, { role, email }] of people.entries()) {
    const { id, name } = faces[role]
    load.add('auth_user', {
      id,
      name,
      email,
      emailVerified: true,
      createdAt: new Date(start),
      updatedAt: new Date(now),
    })
    load.add('auth_account', {
      id: chance.id(start),
      accountId: id,
      userId: id,
      providerId: 'credential',
      password: hashes[position],
      createdAt: new Date(start),
      updatedAt: new Date(now),
    })
  }
  const { key, hash, hint } = rules.mintKey()
  load.add('api_key', {
    id: chance.id(now),
    name: 'Demo',
    owner_id: faces.administrator.id,
    hash: `\\x${hash.toString('hex')}`,
    hint,
    created_at: new Date(now),
  })
  return { people, apiKey: key }
}

/** Writes demo.json, for the owner of the data folder only. */
export async function writeDemoFile(
  dataFolder: string,
  urls: { appUrl: string; ingestUrl: string },
  keys: Keys,
  integrations: Integration[],
): Promise<void> {
  await mkdir(dataFolder, { recursive: true })
  const path = join(dataFolder, 'demo.json')
  const demo = {
    app: urls.appUrl,
    ingest: urls.ingestUrl,
    people: keys.people,
    apiKey: keys.apiKey,
    integrations: Object.fromEntries(integrations.map(({ system, key }) => [system, key])),
  }
  await writeFile(path, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 })
  // The mode counts only for a new file.
  await chmod(path, 0o600)
}
