import type { Sender } from '../sender.ts'

export const fail2ban: Sender = {
  name: 'Fail2ban',
  configuration: ({ url }) => [
    {
      file: '/etc/fail2ban/action.d/tocsin.conf',
      language: 'ini',
      text: `[Definition]
actionban = curl -fsS -m 10 ${url} -d action=ban -d hostname=<fq-hostname> -d jail=<name> -d ip=<ip> -d failures=<failures> -d time=<time>
actionunban = curl -fsS -m 10 ${url} -d action=unban -d hostname=<fq-hostname> -d jail=<name> -d ip=<ip>
`,
    },
    {
      file: '/etc/fail2ban/jail.local',
      language: 'ini',
      text: `[DEFAULT]
action = %(action_)s
         tocsin
`,
    },
  ],
}
