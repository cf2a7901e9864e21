import { loadFrom } from '#lib/api/client.ts'
import type { AlertLine, Bucket, Ref, Severity, State } from '#lib/api/types.ts'
import type { Reason } from '#lib/admin/integration.ts'
import type { Label } from '#lib/text/label.ts'
import type { AlertLink, StoryLine } from '#lib/ticket/ticket-page.ts'
import type { PageLoad } from './$types'

export type Moment = Pick<StoryLine, 'id' | 'at' | 'verb' | 'before' | 'after' | 'why' | 'names' | 'actor'>

export interface AlertEvent {
  id: string
  receipt_id: string
  received_at: string
  kind: string
  severity: Severity | null
  title: string | null
  bucket: Bucket
  reason: Reason
}

/** An alert with its whole life. */
export interface AlertPage extends AlertLine {
  labels: Record<string, string>
  annotations: Record<string, string>
  link: string | null
  known_service: { id: string; key: string; name: Label } | null
  configuration_item: Ref | null
  acknowledged_by: Ref | null
  links: (AlertLink & { ticket: string; title: string; state: State; episode: number })[]
  events: AlertEvent[]
  life: Moment[]
}

export const load: PageLoad = async ({ fetch, url, params }) => {
  const alert = await loadFrom({ fetch, url }, (api) => api.get<AlertPage>(`/alerts/${params.id}`))
  return { place: alert.title, alert }
}
