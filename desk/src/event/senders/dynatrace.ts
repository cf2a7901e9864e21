import type { Sender } from '../sender.ts'

export const dynatrace: Sender = {
  name: 'Dynatrace',
  configuration: ({ url }) => [
    {
      file: 'Settings › Integration › Problem notifications › Custom integration: Webhook URL',
      language: 'text',
      text: `${url}\n`,
    },
    {
      file: 'Custom payload (with “Call webhook if problem is closed”)',
      language: 'json',
      text: `{
  "State": "{State}",
  "PID": "{PID}",
  "ProblemID": "{ProblemID}",
  "ProblemTitle": "{ProblemTitle}",
  "ProblemSeverity": "{ProblemSeverity}",
  "ProblemImpact": "{ProblemImpact}",
  "ImpactedEntity": "{ImpactedEntity}",
  "ImpactedEntities": {ImpactedEntities},
  "ProblemDetailsText": "{ProblemDetailsText}",
  "Problem URL": "{ProblemURL}",
  "Tags": "{Tags}"
}
`,
    },
  ],
}
