import type { Sender } from '../sender.ts'

export const awsSnsCloudwatch: Sender = {
  name: 'Amazon CloudWatch (SNS)',
  configuration: ({ url, scheme }) => [
    {
      file: 'aws sns',
      language: 'sh',
      text: `aws sns subscribe --topic-arn arn:aws:sns:eu-west-1:123456789012:alarms \\
  --protocol ${scheme} --notification-endpoint '${url}'
`,
    },
    {
      file: 'aws cloudwatch',
      language: 'sh',
      text: `aws cloudwatch put-metric-alarm --alarm-name billing-cpu … \\
  --alarm-actions arn:aws:sns:eu-west-1:123456789012:alarms \\
  --ok-actions arn:aws:sns:eu-west-1:123456789012:alarms
`,
    },
  ],
}
