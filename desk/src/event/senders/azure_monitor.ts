import type { Sender } from '../sender.ts'

export const azureMonitor: Sender = {
  name: 'Azure Monitor',
  configuration: ({ url }) => [
    {
      file: 'az monitor action-group',
      language: 'sh',
      text: `az monitor action-group create --resource-group ops --name tocsin \\
  --action webhook tocsin '${url}' usecommonalertschema
`,
    },
  ],
}
