import { type Client, escapeIdentifier, escapeLiteral } from 'pg'

/** The role that services run as; migrations grant it what they need, and no right to rewrite the record. */
export const serviceRole = 'tocsin_app'

/** The URL by which the service role reaches the database behind `ownerUrl`. */
export function serviceUrlOf(ownerUrl: string, password: string): string {
  const url = new URL(ownerUrl)
  url.username = serviceRole
  url.password = password
  return url.href
}

/**
 * Lets the role of `serviceUrl` serve. The service role itself gets its first login, with the URL's password;
 * another role, made by an operator, becomes its member. The owner's own URL needs nothing.
 */
export async function admitService(owner: Client, serviceUrl: string): Promise<void> {
  const { username, password } = new URL(serviceUrl)
  const login = decodeURIComponent(username)
  const { rows } = await owner.query<{ admitted: boolean }>(
    `SELECT rolname = current_user OR (rolcanlogin AND pg_has_role(rolname, $2, 'MEMBER')) AS admitted
     FROM pg_roles WHERE rolname = $1`,
    [login, serviceRole],
  )
  if (rows[0]?.admitted) return
  if (login === serviceRole) {
    await owner.query(
      `ALTER ROLE ${serviceRole} LOGIN PASSWORD ${escapeLiteral(decodeURIComponent(password))}`,
    )
  } else {
    await owner.query(`GRANT ${serviceRole} TO ${escapeIdentifier(login)}`)
  }
}
