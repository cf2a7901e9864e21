import type { System } from '@tocsin/desk'
import type { Adapter } from './adapter.ts'
import { alertmanager } from './alertmanager.ts'
import { events } from './events.ts'
import { checkmk } from './checkmk.ts'
import { grafana } from './grafana.ts'
import { grafanaOncall } from './grafana_oncall.ts'
import { icinga2 } from './icinga2.ts'
import { icingaNotifications } from './icinga_notifications.ts'
import { kapacitor } from './kapacitor.ts'
import { nagios } from './nagios.ts'
import { riemann } from './riemann.ts'
import { sensu } from './sensu.ts'
import { zabbix } from './zabbix.ts'
import { prometheus } from './prometheus.ts'

/** Every system that has a door; the type says that none is missing. */
export const ADAPTERS: Record<System, Adapter> = {
  alertmanager,
  prometheus,
  events,
  checkmk,
  grafana,
  grafana_oncall: grafanaOncall,
  icinga2,
  icinga_notifications: icingaNotifications,
  kapacitor,
  nagios,
  riemann,
  sensu,
  zabbix,
}
