import type { Sender } from '../sender.ts'

export const icinga2: Sender = {
  name: 'Icinga 2',
  configuration: ({ url }) => [
    {
      file: '/etc/icinga2/conf.d/tocsin.conf',
      language: 'text',
      text: `object NotificationCommand "tocsin" {
  command = [ "/usr/bin/curl", "-fsS", "-m", "10", "${url}" ]
  arguments = {
    "NOTIFICATIONTYPE" = { skip_key = true, value = "--data-urlencode=NOTIFICATIONTYPE=$notification.type$" }
    "HOSTNAME" = { skip_key = true, value = "--data-urlencode=HOSTNAME=$host.name$" }
    "HOSTSTATE" = { skip_key = true, value = "--data-urlencode=HOSTSTATE=$host.state$" }
    "HOSTOUTPUT" = { skip_key = true, value = "--data-urlencode=HOSTOUTPUT=$host.output$" }
    "SERVICENAME" = { skip_key = true, value = "--data-urlencode=SERVICENAME=$service.name$" }
    "SERVICESTATE" = { skip_key = true, value = "--data-urlencode=SERVICESTATE=$service.state$" }
    "SERVICEOUTPUT" = { skip_key = true, value = "--data-urlencode=SERVICEOUTPUT=$service.output$" }
    "TIMET" = { skip_key = true, value = "--data-urlencode=TIMET=$icinga.timet$" }
  }
}
`,
    },
  ],
}
