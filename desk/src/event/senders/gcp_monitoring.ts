import type { Sender } from '../sender.ts'

export const gcpMonitoring: Sender = {
  name: 'Google Cloud Monitoring',
  configuration: ({ url }) => [
    {
      file: 'gcloud beta monitoring channels',
      language: 'sh',
      text: `gcloud beta monitoring channels create --display-name=Tocsin --type=webhook_tokenauth \\
  --channel-labels='url=${url}'
`,
    },
  ],
}
