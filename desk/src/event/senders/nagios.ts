import type { Sender } from '../sender.ts'

export const nagios: Sender = {
  name: 'Nagios',
  configuration: ({ url }) => [
    {
      file: 'commands.cfg',
      language: 'text',
      text: `define command {
  command_name notify-service-by-tocsin
  command_line /usr/bin/curl -fsS -m 10 ${url} --data-urlencode 'NOTIFICATIONTYPE=$NOTIFICATIONTYPE$' --data-urlencode 'HOSTNAME=$HOSTNAME$' --data-urlencode 'SERVICEDESC=$SERVICEDESC$' --data-urlencode 'SERVICESTATE=$SERVICESTATE$' --data-urlencode 'SERVICEOUTPUT=$SERVICEOUTPUT$' --data-urlencode 'TIMET=$TIMET$'
}
define command {
  command_name notify-host-by-tocsin
  command_line /usr/bin/curl -fsS -m 10 ${url} --data-urlencode 'NOTIFICATIONTYPE=$NOTIFICATIONTYPE$' --data-urlencode 'HOSTNAME=$HOSTNAME$' --data-urlencode 'HOSTSTATE=$HOSTSTATE$' --data-urlencode 'HOSTOUTPUT=$HOSTOUTPUT$' --data-urlencode 'TIMET=$TIMET$'
}
`,
    },
  ],
}
