import type { Sender } from '../sender.ts'

export const newrelic: Sender = {
  name: 'New Relic',
  configuration: ({ url }) => [
    { file: 'Alerts › Destinations › Webhook: Endpoint URL', language: 'text', text: `${url}\n` },
    {
      file: 'Alerts › Workflows › Notify: Payload',
      language: 'json',
      text: `{
  "id": {{ json issueId }},
  "issueUrl": {{ json issuePageUrl }},
  "title": {{ json annotations.title.[0] }},
  "description": {{ json annotations.description.[0] }},
  "priority": {{ json priority }},
  "impactedEntities": {{ json entitiesData.names }},
  "totalIncidents": {{ json totalIncidents }},
  "state": {{ json state }},
  "createdAt": {{ createdAt }},
  "updatedAt": {{ updatedAt }},
  "alertPolicyNames": {{ json accumulations.policyName }},
  "alertConditionNames": {{ json accumulations.conditionName }},
  "workflowName": {{ json workflowName }}
}
`,
    },
  ],
}
