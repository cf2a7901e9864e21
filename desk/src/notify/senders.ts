import type { Db } from '@tocsin/db'
import { mailHost } from './deliver.ts'
import { isMailAddress } from './mail-address.ts'
import { mayCall } from './public-address.ts'
import type { SendMail } from './send.ts'
import { localSender, smtpSender } from './send-mail.ts'

export interface NotifyConfig {
  publicUrl: string
  /** TOCSIN_SECRET. */
  secret: string
  /** Absent: mail stays in the local mailbox. */
  smtpUrl?: string
  /** Addresses and CIDR ranges that webhooks may reach although they are not public. */
  webhookAllow?: string[]
}

/** The ways out, composed once a process. */
export function createSenders(
  db: Db,
  config: NotifyConfig,
): { sendMail: SendMail; mayCall: (address: string) => boolean } {
  return {
    sendMail: config.smtpUrl
      ? smtpSender(config.smtpUrl, () => senderOf(db, config.publicUrl))
      : localSender(db),
    mayCall: mayCall(config.webhookAllow ?? []),
  }
}

/** The brand's sender, where an administrator gave one. */
async function senderOf(db: Db, publicUrl: string): Promise<string> {
  const brand = await db
    .selectFrom('brand')
    .select('sender')
    .orderBy('created_at')
    .limit(1)
    .executeTakeFirst()
  return brand?.sender && isMailAddress(brand.sender) ? brand.sender : `tocsin@${mailHost(publicUrl)}`
}
