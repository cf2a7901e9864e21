import { Client, escapeIdentifier, escapeLiteral } from 'pg'

/** The role that services run as; migrations grant it what they need, and no right to rewrite the record. */
export const serviceRole = 'tocsin_app'

/** Lets the service role log in with this password, and returns the URL that does. Needs CREATEROLE. */
export async function ensureServiceLogin(ownerUrl: string, password: string): Promise<string> {
  const client = new Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query(
      `DO $$ BEGIN CREATE ROLE ${serviceRole}; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
    )
    await client.query(`ALTER ROLE ${serviceRole} LOGIN PASSWORD ${escapeLiteral(password)}`)
  } finally {
    await client.end()
  }
  const url = new URL(ownerUrl)
  url.username = serviceRole
  url.password = password
  return url.href
}

/** Gives another role (the one in DATABASE_URL, when an operator made it) what the service role may. */
export async function grantServiceRole(owner: Client, serviceUrl: string): Promise<void> {
  const login = decodeURIComponent(new URL(serviceUrl).username)
  const { rows } = await owner.query<{ self: boolean }>(
    `SELECT $1 IN (current_user, $2) OR pg_has_role($1, $2, 'MEMBER') AS self`,
    [login, serviceRole],
  )
  if (rows[0]?.self === false) await owner.query(`GRANT ${serviceRole} TO ${escapeIdentifier(login)}`)
}
