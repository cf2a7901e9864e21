import type { Sender } from '../sender.ts'

export const logicmonitor: Sender = {
  name: 'LogicMonitor',
  configuration: ({ url }) => [
    {
      file: 'Settings → Integrations → Custom HTTP Delivery',
      language: 'text',
      text: `HTTP Method: POST
URL: ${url}
Alert data (JSON): {"internalid": "##INTERNALID##", "alertid": "##ALERTID##", "alertstatus": "##ALERTSTATUS##", "level": "##LEVEL##", "host": "##HOST##", "datasource": "##DATASOURCE##", "datapoint": "##DATAPOINT##", "instance": "##INSTANCE##", "value": "##VALUE##", "startepoch": "##STARTEPOCH##", "url": "##ALERTDETAILURL##"}
`,
    },
  ],
}
