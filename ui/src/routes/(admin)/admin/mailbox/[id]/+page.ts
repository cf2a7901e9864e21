import { loadFrom } from '#lib/api/client.ts'
import type { PageLoad } from './$types'
import type { MailLine } from '../+page.ts'

interface Mail extends MailLine {
  message_id: string
  text: string
  html: string | null
}

export const load: PageLoad = async (event) => {
  const mail = await loadFrom(event, (api) => api.get<Mail>(`/mailbox/${event.params.id}`))
  return { mail, place: mail.subject }
}
