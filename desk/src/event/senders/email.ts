import type { Sender } from '../sender.ts'

export const email: Sender = {
  name: 'E-mail',
  configuration: ({ url, host }) => [
    {
      file: 'Address (where TOCSIN_SMTP_IN_PORT is set)',
      language: 'text',
      text: `<key>@${host.replace(/:\d+$/, '')}\n`,
    },
    {
      file: 'From a mail gateway',
      language: 'http',
      text: `POST ${url}\nContent-Type: application/json\n\n{"from": "ups@plant.example", "subject": "ALARM: ups-1", "text": "Battery 12 %"}\n`,
    },
  ],
}
