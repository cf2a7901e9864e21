import type { Sender } from '../sender.ts'

export const heartbeat: Sender = {
  name: 'Heartbeat',
  configuration: ({ url }) => [
    { file: 'At the end of a job', language: 'sh', text: `curl -fsS -m 10 --retry 5 -o /dev/null ${url}\n` },
    { file: 'crontab', language: 'text', text: `*/5 * * * * /usr/local/bin/job && curl -fsS -m 10 ${url}\n` },
  ],
}
