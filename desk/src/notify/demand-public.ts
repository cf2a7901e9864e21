import { DeskError } from '../activity/index.ts'
import { leadsInside } from './call-webhook.ts'

/**
 * Says already when an address is given that nothing could ever be sent there. Asks the network for a name: call it
 * before a transaction begins. Throws `invalid` naming `path`.
 */
export async function demandPublic(
  address: string,
  path: string,
  may: (address: string) => boolean,
): Promise<void> {
  if (!(await leadsInside(address, may))) return
  const message =
    'is no public address: nothing is sent there unless the operator allows it (TOCSIN_WEBHOOK_ALLOW)'
  throw new DeskError('invalid', 'Nothing can be sent to this address.', { errors: [{ path, message }] })
}
