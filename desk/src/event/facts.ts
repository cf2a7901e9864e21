import type { Severity } from '@tocsin/db'
import type { Event } from './schema.ts'

/** What an alert shows of the event that last changed it. */
export type Face = Pick<
  Event,
  'severity_raw' | 'resource' | 'service' | 'host' | 'labels' | 'annotations' | 'link' | 'enriched'
> & { title: string }

/** What an alert is about, as far as we know it. */
export interface Subject {
  service: { id: string; key: string; teamId: string | null } | null
  ci: { id: string; name: string; kind: string; attributes: Record<string, string> } | null
}

/** What an expression may name. `service` and `ci` are empty where they are not known. */
export const FACT_TYPES = {
  title: 'string',
  severity: 'string',
  severity_raw: 'string',
  resource: 'string',
  host: 'string',
  service: 'string',
  dedup_key: 'string',
  group: 'string',
  system: 'string',
  integration: 'string',
  labels: 'map<string, string>',
  annotations: 'map<string, string>',
  ci: 'map<string, string>',
  /** In the reporting zone: hour 0–23, weekday 1 (Monday) – 7. */
  hour: 'int',
  weekday: 'int',
}
export type Facts = Record<keyof typeof FACT_TYPES, unknown> & {
  labels: Record<string, string>
  ci: Record<string, string>
}

export interface About {
  face: Face
  key: string
  severity: Severity
  groupKey: string | null
  subject: Subject
}

/** The facts of an alert at an instant. */
export function factsOf(
  { face, key, severity, groupKey, subject }: About,
  source: { system: string; integration: string },
  wall: { hour: number; weekday: number },
): Facts {
  const { ci } = subject
  return {
    title: face.title,
    severity,
    severity_raw: face.severity_raw ?? '',
    resource: face.resource ?? '',
    host: face.host ?? '',
    service: subject.service?.key ?? face.service ?? '',
    dedup_key: key,
    group: groupKey ?? '',
    ...source,
    labels: face.labels,
    annotations: face.annotations,
    ci: ci ? { ...ci.attributes, name: ci.name, kind: ci.kind } : {},
    hour: BigInt(wall.hour),
    weekday: BigInt(wall.weekday),
  }
}

/** The value of a field to group by: `service`, `labels.alertname`, `ci.name`. Absent is empty. */
export function fieldOf(facts: Facts, path: string): string {
  const [head = '', ...rest] = path.split('.')
  const value = Object.hasOwn(facts, head) ? facts[head as keyof Facts] : undefined
  if (rest.length === 0) return typeof value === 'string' || typeof value === 'bigint' ? `${value}` : ''
  const name = rest.join('.')
  const fields = value as Record<string, string>
  return typeof fields === 'object' && Object.hasOwn(fields, name) ? fields[name]! : ''
}
