import type { ServiceKey } from './services.ts'

/** What monitoring says about a service: the alert's name, its title with `{}` for the host, `%n` for a figure. */
export interface Symptom {
  name: string
  title: string
  severity: 'critical' | 'error' | 'warning'
  /** How often, against the others of all services. */
  weight: number
  /** Which of the service's hosts, by how their names begin. */
  on?: string
  /** Alerts at a time: one host, or many together. */
  hosts: readonly [number, number]
  /** Median minutes until it is over. */
  lasts: number
  /** The figure, from and to. */
  figure?: readonly [number, number]
}

const symptom = (
  name: string,
  title: string,
  severity: Symptom['severity'],
  weight: number,
  lasts: number,
  more: Partial<Symptom> = {},
): Symptom => ({ name, title, severity, weight, lasts, hosts: [1, 1], ...more })

export const SYMPTOMS: Partial<Record<ServiceKey, Symptom[]>> = {
  wan: [
    symptom('SwitchDown', '{} does not answer to SNMP or ping', 'critical', 3, 70, { on: 'sw-' }),
    symptom('LinkFlapping', 'Uplink of {} changed state %n times in 10 minutes', 'warning', 12, 45, {
      figure: [6, 30],
    }),
    symptom('BgpSessionDown', 'BGP session on {} to the provider is down', 'error', 5, 35, { on: 'rtr-' }),
    symptom('HighLinkUtilisation', 'Link of {} at %n % for 15 minutes', 'warning', 12, 60, {
      figure: [86, 99],
    }),
  ],
  vpn: [
    symptom('VpnTunnelDown', 'IPsec tunnel on {} is down', 'error', 5, 40),
    symptom('VpnPoolNearlyFull', 'Address pool of {} is %n % used', 'warning', 7, 120, { figure: [85, 98] }),
  ],
  dns: [symptom('DnsLatencyHigh', 'Answers of {} take %n ms', 'warning', 6, 30, { figure: [180, 900] })],
  directory: [
    symptom('LdapBindErrors', '%n failed binds a minute on {}', 'warning', 7, 35, { figure: [40, 300] }),
    symptom('DomainReplicationFailed', 'Replication from {} failed %n times', 'error', 3, 90, {
      figure: [3, 12],
    }),
    symptom('CertificateExpiresSoon', 'Certificate of {} expires in %n days', 'warning', 2, 240, {
      figure: [6, 20],
    }),
  ],
  databases: [
    symptom('PostgresReplicationLag', 'Replica {} is %n s behind', 'warning', 14, 40, {
      on: 'db-',
      figure: [60, 900],
    }),
    symptom('PostgresTooManyConnections', '{} uses %n % of its connections', 'error', 8, 50, {
      figure: [88, 100],
    }),
    symptom('SlowQueries', 'p95 of queries on {} is %n s', 'warning', 10, 55, { figure: [2, 14] }),
    symptom('DeadlocksHigh', '%n deadlocks in 5 minutes on {}', 'warning', 4, 30, { figure: [5, 40] }),
  ],
  erp: [
    symptom('ErpJobFailed', 'Night job on {} ended with code %n', 'error', 9, 110, { figure: [1, 16] }),
    symptom('ErpSessionsStuck', '%n sessions stuck on {}', 'warning', 9, 60, { figure: [12, 80] }),
  ],
  webshop: [
    symptom('HighErrorRate', '5xx rate of {} is %n %', 'critical', 3, 35, { hosts: [2, 6], figure: [5, 40] }),
    symptom('HighLatency', 'p95 of {} is %n ms', 'warning', 16, 30, { hosts: [1, 4], figure: [1200, 6000] }),
    symptom('CertificateExpiresSoon', 'Certificate of {} expires in %n days', 'warning', 2, 240, {
      figure: [5, 20],
    }),
  ],
  payments: [
    symptom('PaymentDeclinesHigh', 'Declines through {} at %n %', 'error', 5, 40, {
      on: 'payments-api',
      figure: [9, 30],
    }),
    symptom('PaymentQueueGrowing', '%n payments wait in {}', 'warning', 8, 35, {
      on: 'payments-worker',
      figure: [300, 4000],
    }),
    symptom('ProviderTimeouts', 'Provider calls of {} time out: %n a minute', 'error', 4, 30, {
      on: 'payments-api',
      figure: [12, 90],
    }),
  ],
  tills: [
    symptom('TillOffline', '{} has not reported for %n minutes', 'warning', 14, 50, { figure: [10, 45] }),
  ],
  warehouse: [
    symptom('ScannerGatewayErrors', '%n errors a minute on {}', 'warning', 9, 40, {
      on: 'scan-gw',
      figure: [20, 200],
    }),
    symptom('PickingQueueStuck', 'Picking queue on {} stands since %n minutes', 'error', 4, 55, {
      on: 'wms-app',
      figure: [10, 60],
    }),
  ],
  production: [
    symptom('LineControllerUnreachable', '{} does not answer', 'critical', 2, 60, { on: 'line-' }),
    symptom('MesHeartbeatMissing', 'No heartbeat from {} for %n minutes', 'error', 5, 45, {
      figure: [5, 30],
    }),
  ],
  platform: [
    symptom('KubeNodeNotReady', '{} is not ready', 'error', 7, 40, { on: 'k8s-' }),
    symptom('KubePodCrashLooping', 'Pods on {} restarted %n times in 10 minutes', 'warning', 22, 35, {
      hosts: [1, 5],
      figure: [4, 40],
    }),
    symptom('NodeMemoryPressure', '{} has %n % of memory left', 'warning', 14, 50, { figure: [2, 9] }),
    symptom('NodeClockSkew', 'Clock of {} is %n ms off', 'warning', 3, 200, { figure: [60, 600] }),
  ],
  storage: [
    symptom('StorageLatencyHigh', 'Write latency of {} is %n ms', 'error', 4, 60, {
      on: 'san-',
      figure: [30, 200],
    }),
    symptom('ShareNearlyFull', 'Share on {} is %n % full', 'warning', 8, 140, {
      on: 'files-',
      figure: [88, 97],
    }),
  ],
  backup: [symptom('BackupFailed', 'Backup on {} failed', 'warning', 9, 150)],
  email: [symptom('MailQueueGrowing', '%n messages wait on {}', 'warning', 8, 50, { figure: [400, 5000] })],
  wifi: [symptom('AccessPointDown', '{} is down', 'warning', 12, 90)],
  printing: [symptom('PrinterTonerLow', 'Toner of {} at %n %', 'warning', 3, 300, { figure: [2, 9] })],
  reporting: [
    symptom('ReportRefreshLate', 'Refresh on {} is %n minutes late', 'warning', 7, 150, {
      figure: [20, 240],
    }),
  ],
}

/** Every Sunday night, until somebody cures the cause. */
export const WEEKLY_DISK = symptom(
  'DiskNearlyFull',
  '/var/lib/postgresql on {} is %n % full',
  'error',
  0,
  100,
  {
    on: 'db-erp-01',
    figure: [91, 97],
  },
)

/** What the bad release did for a fortnight. */
export const BAD_RELEASE: Symptom[] = [
  symptom('CheckoutErrors', 'Checkout through {} fails: %n % of requests', 'critical', 3, 60, {
    on: 'payments-api',
    hosts: [2, 4],
    figure: [8, 45],
  }),
  symptom('PaymentQueueGrowing', '%n payments wait in {}', 'error', 4, 70, {
    on: 'payments-worker',
    hosts: [1, 2],
    figure: [2000, 16000],
  }),
  symptom('ProviderTimeouts', 'Provider calls of {} time out: %n a minute', 'error', 5, 50, {
    on: 'payments-api',
    hosts: [1, 3],
    figure: [40, 400],
  }),
  symptom('HighLatency', 'p95 of {} is %n ms', 'warning', 4, 45, {
    on: 'payments-api',
    figure: [3000, 12000],
  }),
]

/** What falls with a core switch, beside the switch itself. */
export const STORM: Symptom = symptom('InstanceDown', '{} is unreachable', 'critical', 0, 55)
