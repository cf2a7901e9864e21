import { z } from '@hono/zod-openapi'
import type { System } from '@tocsin/desk'

export const Setup = z
  .object({
    /** Where the sender sends; `<key>` stands for the integration's key, which only its maker has seen. */
    url: z.string(),
    snippets: z.array(z.object({ file: z.string(), language: z.enum(['yaml', 'sh']), text: z.string() })),
  })
  .openapi('IntegrationSetup')

type Snippets = z.infer<typeof Setup>['snippets']

const KEY = '<key>'

const SNIPPETS: Partial<Record<System, (door: URL) => Snippets>> = {
  alertmanager: (door) => [
    {
      file: 'alertmanager.yml',
      language: 'yaml',
      text: `route:
  receiver: tocsin
receivers:
  - name: tocsin
    webhook_configs:
      - url: ${door.origin}/v1/alertmanager/${KEY}
        send_resolved: true
`,
    },
  ],
  prometheus: (door) => [
    {
      file: 'prometheus.yml',
      language: 'yaml',
      text: `alerting:
  alertmanagers:
    - scheme: ${door.protocol.slice(0, -1)}
      api_version: v2
      path_prefix: /v1/prometheus/${KEY}
      static_configs:
        - targets: ['${door.host}']
`,
    },
  ],
  events: (door) => [
    {
      file: 'trigger',
      language: 'sh',
      text: `curl -X POST ${door.origin}/v1/events/${KEY} \\
  -H 'Content-Type: application/json' \\
  -d '{"kind": "trigger", "dedup_key": "backup/billing", "severity": "error", "title": "The backup of billing failed", "service": "billing"}'
`,
    },
    {
      file: 'resolve',
      language: 'sh',
      text: `curl -X POST ${door.origin}/v1/events/${KEY} \\
  -H 'Content-Type: application/json' \\
  -d '{"kind": "resolve", "dedup_key": "backup/billing"}'
`,
    },
  ],
}

/** The sender's configuration, ready to copy but for the key. */
export function setupOf(system: System, ingestUrl: string): z.infer<typeof Setup> {
  const door = new URL(ingestUrl)
  return { url: `${door.origin}/v1/${system}/${KEY}`, snippets: SNIPPETS[system]?.(door) ?? [] }
}
