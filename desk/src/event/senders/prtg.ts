import type { Sender } from '../sender.ts'

export const prtg: Sender = {
  name: 'PRTG',
  configuration: ({ url }) => [
    {
      file: 'Setup → Notification templates → Execute HTTP action',
      language: 'text',
      text: `URL: ${url}
HTTP Method: POST
Payload: sensorid=%sensorid&sensor=%sensor&device=%device&host=%host&group=%group&probe=%probe&name=%name&status=%status&message=%message&datetime=%datetime&linksensor=%linksensor
`,
    },
  ],
}
