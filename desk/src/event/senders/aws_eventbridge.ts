import type { Sender } from '../sender.ts'

export const awsEventbridge: Sender = {
  name: 'Amazon EventBridge',
  configuration: ({ keyless }) => [
    {
      file: 'aws events',
      language: 'sh',
      text: `aws events create-connection --name tocsin --authorization-type API_KEY \\
  --auth-parameters 'ApiKeyAuthParameters={ApiKeyName=Authorization,ApiKeyValue="Bearer <key>"}'
aws events create-api-destination --name tocsin --http-method POST \\
  --connection-arn … --invocation-endpoint '${keyless}'
`,
    },
    {
      file: 'Event pattern',
      language: 'json',
      text: `{ "source": ["aws.cloudwatch", "aws.health"], "detail-type": ["CloudWatch Alarm State Change", "AWS Health Event"] }
`,
    },
  ],
}
