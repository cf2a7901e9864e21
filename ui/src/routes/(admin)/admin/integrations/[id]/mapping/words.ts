import { m } from '#lib/paraglide/messages.js'

const fields: Record<string, () => string> = {
  title: m.admin_mapping_title,
  dedup_key: m.admin_mapping_key,
  status: m.admin_mapping_status,
  severity: m.admin_mapping_severity,
  service: m.admin_mapping_service,
  host: m.admin_mapping_host,
  resource: m.admin_mapping_resource,
  description: m.admin_mapping_description,
  link: m.admin_mapping_link,
  starts_at: m.admin_mapping_starts,
  ends_at: m.admin_mapping_ends,
  labels: m.admin_mapping_labels,
  kind: m.admin_mapping_kind,
}

/** A field of an event, in the language of the page. */
export const fieldWord = (field: string): string => fields[field]?.() ?? field

const helps: Partial<Record<string, () => string>> = {
  dedup_key: m.admin_mapping_key_help,
  labels: () => m.admin_mapping_labels_help({ example: '{"env": item.env}' }),
  kind: m.admin_mapping_kind_help,
}
export const fieldHelp = (field: string): string | undefined => helps[field]?.()

const kinds: Record<string, () => string> = {
  note: m.admin_why_note,
  change: m.admin_why_change,
  ping: m.admin_why_ping,
  test: m.admin_why_test,
  snooze: m.try_snooze,
}

/** What a message is that neither fires nor ends anything, in the language of the page. */
export const kindWord = (kind: string): string => kinds[kind]?.() ?? kind
