import type { Tale } from './employees.ts'
import type { Integration } from './integrations.ts'
import { tellTrouble, type Trouble, type Watch } from './monitoring.ts'
import { arrivals, MACHINES, midnightOf } from './seasons.ts'
import type { Item, Service, Services } from './services.ts'
import { SERVICE_KEYS, type ServiceKey } from './words/services.ts'
import { BAD_RELEASE, STORM, type Symptom, SYMPTOMS, WEEKLY_DISK } from './words/symptoms.ts'
import { DAY, HOUR, MINUTE } from './world.ts'

interface Watched {
  services: Services
  watching: (service: ServiceKey) => Integration
}

/** Everything that monitoring reports in two years: the daily noise, and the five stories that people remember. */
export function troublesHappen(watch: Watch, watched: Watched): Tale[] {
  const troubles = [
    ...dailyNoise(watch, watched),
    ...weeklyDisk(watch, watched),
    ...badRelease(watch, watched),
    ...storms(watch, watched),
    ...happeningNow(watch, watched),
  ]
  plannedWork(watch, watched)
  // In the order of time, so that an alert's last firing is its newest.
  return troubles.toSorted((a, b) => a.at - b.at).flatMap((one) => tellTrouble(watch, one) ?? [])
}

function dailyNoise({ world, sla }: Watch, watched: Watched): Trouble[] {
  const { chance } = world
  const choices = SERVICE_KEYS.flatMap((key) =>
    (SYMPTOMS[key] ?? []).map((symptom) => [{ key, symptom }, symptom.weight] as const),
  )
  const off = new Set(sla.office.holidays.map(({ date }) => date))
  return arrivals(world, MACHINES, 6.4, off).map((at) => {
    const { key, symptom } = chance.weigh(choices)
    return trouble(watched, key, symptom, at, {
      items: someOf(watched.services[key], symptom, chance.between(...symptom.hosts), chance.pick),
      lasts: Math.max(2 * MINUTE, chance.around(symptom.lasts * MINUTE, 0.8)),
    })
  })
}

/** Sunday nights: the archive of the ERP's database fills its disk, and somebody empties it by hand. */
function weeklyDisk({ world }: Watch, watched: Watched): Trouble[] {
  const { chance, start, now } = world
  const disk = itemsOf(watched.services.databases, WEEKLY_DISK)
  const troubles: Trouble[] = []
  for (let day = midnightOf(start + DAY); day < now; day = midnightOf(day + 30 * HOUR)) {
    if (new Date(day + 12 * HOUR).getUTCDay() !== 0 || chance.happens(0.06)) continue
    const at = day + 22 * HOUR + chance.between(0, 100) * MINUTE
    if (at < now - 3 * HOUR)
      troubles.push(
        trouble(watched, 'databases', WEEKLY_DISK, at, {
          items: disk,
          lasts: chance.around(170 * MINUTE, 0.4),
          byHand: true,
        }),
      )
  }
  return troubles
}

/** A release of the payments service that took a fortnight to take back. */
function badRelease({ world }: Watch, watched: Watched): Trouble[] {
  const { chance, now } = world
  const released = midnightOf(now - 203 * DAY) + 17 * HOUR
  const choices = BAD_RELEASE.map((symptom) => [symptom, symptom.weight] as const)
  return Array.from({ length: 118 }, (): Trouble => {
    // Most in the first days, fewer with every patch.
    const at = released + chance.roll() ** 1.6 * 14 * DAY
    const symptom = chance.weigh(choices)
    return trouble(watched, 'payments', symptom, at, {
      items: someOf(watched.services.payments, symptom, chance.between(...symptom.hosts), chance.pick),
      lasts: chance.around(symptom.lasts * MINUTE, 0.7),
    })
  })
}

/** A core switch fails, and everything behind it cries at once. */
function storms({ world }: Watch, watched: Watched): Trouble[] {
  const { chance, start, now } = world
  const struck = [
    'wan',
    'platform',
    'databases',
    'webshop',
    'tills',
    'warehouse',
    'storage',
    'wifi',
    'production',
  ] as const
  return Array.from(
    { length: 11 },
    (_, number) => start + ((number + 0.2 + 0.6 * chance.roll()) / 11) * (now - start - 4 * DAY),
  ).flatMap((at) => {
    const lasts = chance.around(75 * MINUTE, 0.3)
    return struck.map((key, position) => {
      const { items } = watched.services[key]
      return trouble(watched, key, STORM, at + position * chance.between(4, 20) * 1000, {
        items: items.slice(0, Math.max(2, Math.floor(items.length * (0.5 + 0.5 * chance.roll())))),
        lasts: lasts + chance.between(-300, 300) * 1000,
      })
    })
  })
}

/** What stands open at this moment: one page acknowledged, a few alerts firing, one of them with nobody on it. */
function happeningNow({ world }: Watch, watched: Watched): Trouble[] {
  const { now } = world
  const open = (key: ServiceKey, name: string, minutesAgo: number, hosts: number, acknowledgedIn: number) => {
    const symptom = SYMPTOMS[key]!.find((one) => one.name === name)!
    const items = itemsOf(watched.services[key], symptom).slice(0, hosts)
    return trouble(watched, key, symptom, now - minutesAgo * MINUTE, {
      items,
      lasts: 30 * DAY,
      acknowledgedIn,
    })
  }
  return [
    open('webshop', 'HighErrorRate', 26, 4, 2.5 * MINUTE),
    // Eight hours are promised: one has forty minutes left, the other has had its time.
    open('payments', 'ProviderTimeouts', 440, 2, 4 * MINUTE),
    open('directory', 'DomainReplicationFailed', 505, 1, 11 * MINUTE),
    open('databases', 'PostgresReplicationLag', 55, 1, 6 * MINUTE),
    open('platform', 'KubePodCrashLooping', 95, 3, 9 * MINUTE),
    open('storage', 'ShareNearlyFull', 340, 1, 20 * MINUTE),
    open('wifi', 'AccessPointDown', 70, 1, 30 * DAY),
    open('backup', 'BackupFailed', 410, 1, 30 * DAY),
  ]
}

function plannedWork({ world, alarms }: Watch, { watching }: Watched): void {
  const { chance, start, now } = world
  for (let at = start + 10 * DAY; at < now - DAY; at += chance.between(12, 30) * DAY)
    for (let burst = 0; burst < 4; burst++)
      alarms.hush(
        watching(chance.pick(['platform', 'wan', 'databases'] as const)),
        at + burst * 25 * MINUTE,
        chance.between(5, 60),
      )
}

function trouble(
  { services, watching }: Watched,
  key: ServiceKey,
  symptom: Symptom,
  at: number,
  more: Pick<Trouble, 'items' | 'lasts'> & Partial<Trouble>,
): Trouble {
  return { at, integration: watching(key), service: services[key], symptom, ...more }
}

const itemsOf = (service: Service, { on = '' }: Symptom): Item[] =>
  service.items.filter(({ name }) => name.startsWith(on))

function someOf(
  service: Service,
  symptom: Symptom,
  many: number,
  pick: <T>(list: readonly T[]) => T,
): Item[] {
  const left = itemsOf(service, symptom)
  const picked: Item[] = []
  while (picked.length < many && left.length > 0) {
    const item = pick(left)
    picked.push(...left.splice(left.indexOf(item), 1))
  }
  return picked
}
