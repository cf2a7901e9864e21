export type ExampleName = 'certificate' | 'disk' | 'deployment' | 'test'

interface Example {
  when: string
  group_by: string[]
  opens: 'request' | 'change_event' | 'nothing'
  impact?: 'low'
  urgency?: 'low'
}

const says = (pattern: string) =>
  `(title.matches("${pattern}") || has(labels.alertname) && labels.alertname.matches("${pattern}"))`

/** Rules that many desks begin with; what is left out is as in any new rule. */
export const EXAMPLES: Record<ExampleName, Example> = {
  certificate: {
    when: `${says('(?i)(certificate|cert|tls|ssl).*expir')} && severity != "critical"`,
    group_by: ['host', 'resource'],
    opens: 'request',
    impact: 'low',
    urgency: 'low',
  },
  disk: {
    when: `${says('(?i)(disk|filesystem|volume|storage).*(fill|predict|days)')} && severity != "critical"`,
    group_by: ['host', 'resource'],
    opens: 'request',
    impact: 'low',
    urgency: 'low',
  },
  deployment: {
    when: says('(?i)(deploy|rollout|release)'),
    group_by: ['service'],
    opens: 'change_event',
  },
  test: {
    when: 'has(labels.env) && labels.env in ["test", "dev", "staging"]',
    group_by: [],
    opens: 'nothing',
  },
}
