import type { ContactMethod } from '#lib/oncall/types.ts'
import { m } from '#lib/paraglide/messages.js'

export const contactKinds = (): Record<ContactMethod['kind'], string> => ({
  email: m.me_contact_email(),
  webhook: m.me_contact_webhook(),
  app: m.me_contact_app(),
})
