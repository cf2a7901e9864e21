import type { CategoryKey } from '../organisation.ts'
import type { TeamKey } from '../teams.ts'
import { type Local, local } from './local.ts'

export interface ServiceWords {
  name: Local
  team: TeamKey
  category: CategoryKey
  /** Whether its incidents wake somebody. */
  wakes: boolean
  needs: ServiceKey[]
  /** Hosts and devices: kind, name with `#` for a number, how many. */
  runsOn: readonly (readonly [string, string, number])[]
}

const service = (
  name: Local,
  team: TeamKey,
  category: CategoryKey,
  wakes: boolean,
  needs: string[],
  runsOn: ServiceWords['runsOn'],
) => ({ name, team, category, wakes, needs: needs as ServiceKey[], runsOn })

const SITES = ['mil', 'bol', 'tor', 'lyo', 'par', 'ver']

/** The services of the company, by the key under which monitoring names them. */
export const SERVICES = {
  directory: service(
    local('Sign-in and directory', 'Connexion et annuaire', 'Accesso e directory'),
    'security',
    'access',
    true,
    ['dns'],
    [['server', 'dc-#', 4]],
  ),
  email: service(
    local('E-mail and calendar', 'Messagerie et agenda', 'Posta e calendario'),
    'workplace',
    'software',
    false,
    ['directory'],
    [['server', 'mail-#', 3]],
  ),
  vpn: service(
    local('Remote access (VPN)', 'Accès à distance (VPN)', 'Accesso remoto (VPN)'),
    'network',
    'network',
    true,
    ['directory', 'wan'],
    [['gateway', 'vpn-gw-#', 3]],
  ),
  wifi: service(
    local('Office Wi-Fi', 'Wi-Fi des bureaux', 'Wi-Fi degli uffici'),
    'network',
    'network',
    false,
    ['wan', 'directory'],
    SITES.map((site) => ['access point', `ap-${site}-#`, 4] as const),
  ),
  wan: service(
    local('Site network', 'Réseau des sites', 'Rete delle sedi'),
    'network',
    'network',
    true,
    [],
    [...SITES.map((site) => ['switch', `sw-${site}-#`, 3] as const), ['router', 'rtr-core-#', 4]],
  ),
  dns: service(
    local('Names and addresses (DNS, DHCP)', 'Noms et adresses (DNS, DHCP)', 'Nomi e indirizzi (DNS, DHCP)'),
    'network',
    'network',
    true,
    ['wan'],
    [['server', 'dns-#', 3]],
  ),
  workstations: service(
    local('Computers', 'Postes de travail', 'Postazioni di lavoro'),
    'workplace',
    'hardware',
    false,
    ['directory'],
    [],
  ),
  printing: service(
    local('Printing', 'Impression', 'Stampa'),
    'field',
    'hardware',
    false,
    ['wan'],
    SITES.map((site) => ['printer', `prn-${site}-#`, 2] as const),
  ),
  telephony: service(
    local('Telephony', 'Téléphonie', 'Telefonia'),
    'workplace',
    'hardware',
    false,
    ['wan'],
    [['server', 'pbx-#', 2]],
  ),
  erp: service(
    local('Orders and accounting (ERP)', 'Commandes et comptabilité (ERP)', 'Ordini e contabilità (ERP)'),
    'databases',
    'application',
    true,
    ['databases', 'directory'],
    [['server', 'erp-app-#', 4]],
  ),
  databases: service(
    local('Databases', 'Bases de données', 'Database'),
    'databases',
    'infrastructure',
    true,
    ['storage'],
    [
      ['database', 'db-erp-#', 2],
      ['database', 'db-shop-#', 3],
      ['database', 'db-wms-#', 2],
      ['database', 'db-bi-#', 1],
    ],
  ),
  webshop: service(
    local('Online shop', 'Boutique en ligne', 'Negozio online'),
    'platform',
    'application',
    true,
    ['platform', 'payments', 'databases'],
    [
      ['workload', 'shop-web-#', 4],
      ['workload', 'shop-api-#', 4],
    ],
  ),
  payments: service(
    local('Payments', 'Paiements', 'Pagamenti'),
    'payments',
    'application',
    true,
    ['platform', 'databases'],
    [
      ['workload', 'payments-api-#', 4],
      ['workload', 'payments-worker-#', 2],
    ],
  ),
  tills: service(
    local('Shop tills', 'Caisses des magasins', 'Casse dei negozi'),
    'payments',
    'application',
    true,
    ['payments', 'wan'],
    SITES.map((site) => ['till', `till-${site}-#`, 2] as const),
  ),
  warehouse: service(
    local('Warehouse', 'Entrepôt', 'Magazzino'),
    'platform',
    'application',
    true,
    ['databases', 'platform'],
    [
      ['server', 'wms-app-#', 3],
      ['scanner gateway', 'scan-gw-#', 2],
    ],
  ),
  production: service(
    local('Production lines', 'Lignes de production', 'Linee di produzione'),
    'field',
    'application',
    true,
    ['wan', 'databases'],
    [
      ['controller', 'line-ver-#', 6],
      ['server', 'mes-#', 2],
    ],
  ),
  platform: service(
    local('Application platform', 'Plateforme applicative', 'Piattaforma applicativa'),
    'platform',
    'infrastructure',
    true,
    ['wan', 'dns', 'storage'],
    [
      ['node', 'k8s-node-#', 10],
      ['server', 'registry-#', 1],
    ],
  ),
  storage: service(
    local('File shares and storage', 'Partages et stockage', 'Cartelle condivise e storage'),
    'platform',
    'infrastructure',
    true,
    ['wan'],
    [
      ['array', 'san-#', 2],
      ['server', 'files-#', 3],
    ],
  ),
  backup: service(
    local('Backup', 'Sauvegarde', 'Backup'),
    'databases',
    'infrastructure',
    false,
    ['storage'],
    [['server', 'bkp-#', 2]],
  ),
  reporting: service(
    local('Reports', 'Rapports', 'Report'),
    'databases',
    'application',
    false,
    ['databases'],
    [['server', 'bi-#', 2]],
  ),
} as const satisfies Record<string, Omit<ServiceWords, 'needs'> & { needs: string[] }>

export type ServiceKey =
  | 'directory'
  | 'email'
  | 'vpn'
  | 'wifi'
  | 'wan'
  | 'dns'
  | 'workstations'
  | 'printing'
  | 'telephony'
  | 'erp'
  | 'databases'
  | 'webshop'
  | 'payments'
  | 'tills'
  | 'warehouse'
  | 'production'
  | 'platform'
  | 'storage'
  | 'backup'
  | 'reporting'
export const SERVICE_KEYS = Object.keys(SERVICES) as ServiceKey[]
