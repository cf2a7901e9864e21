import { readdirSync, readFileSync } from 'node:fs'
import type { System } from '@tocsin/desk'
import { describe, expect, test } from 'vitest'
import { decodeBody } from '../decode.ts'
import { circumstancesOf } from '../place.ts'
import { readAs } from '../try.ts'
import { ADAPTERS } from './registry.ts'

const SYSTEMS = Object.keys(ADAPTERS) as System[]
// What says nothing, or may be anything.
const OPEN: System[] = ['heartbeat', 'webhook']

const samplesOf = (system: System) => {
  const folder = new URL(`../../samples/${system}/`, import.meta.url)
  return Promise.all(
    readdirSync(folder).map(async (file) => {
      const type = file.endsWith('.form') ? 'application/x-www-form-urlencoded' : 'application/json'
      return { file, parsed: await decodeBody(readFileSync(new URL(file, folder)), type) }
    }),
  )
}
const SAMPLES = await Promise.all(
  SYSTEMS.map(async (system) => ({ system, samples: await samplesOf(system) })),
)

/** What stands at the door of one system and is another's: a refusal, or what is read out of it. */
function* strangersAt(door: System) {
  const circumstances = circumstancesOf({ path: '', query: {} }, { headers: {}, receivedAt: new Date() })
  for (const { system, samples } of SAMPLES)
    if (system !== door && !OPEN.includes(system))
      for (const { file, parsed } of samples)
        yield { from: `${system}/${file}`, system, reading: readAs(door, parsed, circumstances) }
}

/** Whose bodies have a form that this door takes, too. */
const ALSO: Partial<Record<System, System[]>> = {
  alerta_api: ['fail2ban'],
  alertmanager: ['grafana'],
  aws_sns_cloudwatch: ['aws_eventbridge'],
  checkmk: ['icinga2', 'nagios'],
  healthchecks: ['nagios', 'pagerduty_events_v1', 'prtg', 'statuscake', 'zabbix'],
  icinga2: ['nagios'],
  nagios: ['icinga2', 'pagerduty_events_v1'],
  opsgenie_api: ['netdata_cloud'],
  pagerduty_events_v1: ['nagios', 'zabbix'],
  scom: ['vrealize'],
  uptimerobot: ['site24x7'],
}

describe('a body of another system', () => {
  test.each(SYSTEMS.filter((system) => !OPEN.includes(system)))(
    '%s refuses it and says what it expected, or reads what makes sense',
    (door) => {
      const taken = new Set<string>()
      const faults: string[] = []
      for (const { from, system, reading } of strangersAt(door)) {
        if ('refusal' in reading) {
          const { status, detail } = reading.refusal
          if (![400, 422].includes(status) || !detail.includes(ADAPTERS[door].expects))
            faults.push(`${from}: ${status} ${detail}`)
          continue
        }
        for (const event of reading.events) {
          if (event.kind === 'unreadable') continue
          taken.add(system)
          const says = event.kind !== 'trigger' || event.title?.trim()
          if (event.dedup_key.trim() === '' || !says) faults.push(`${from}: ${JSON.stringify(event)}`)
        }
      }
      expect(faults).toEqual([])
      expect([...taken].toSorted()).toEqual(ALSO[door] ?? [])
    },
  )
})
