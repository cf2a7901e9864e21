import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import vm from 'node:vm'
import { configurationOf, isSystem, SYSTEMS, type System } from '@tocsin/desk'
import { parse } from 'yaml'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anIntegration,
  database,
  drain,
  type TestDatabase,
  type TestDoor,
  testDoor,
} from '../harness/index.ts'

const run = promisify(execFile)
let base: TestDatabase
let door: TestDoor
beforeAll(async () => {
  base = await database()
  door = await testDoor(base.url)
})
afterAll(async () => {
  await door.close()
  await base.drop()
})

/** A new source, and what its page says to paste, by the place where it goes. */
async function connected(system: System) {
  const { id, key } = await anIntegration(base.db, { system })
  const { snippets } = configurationOf(system, SYSTEMS[system], door.url)
  const paste = (place: RegExp) =>
    snippets.find(({ file }) => place.test(file))!.text.replaceAll('<key>', key)
  const alerts = async () => {
    await drain(base.db)
    return base.db
      .selectFrom('alert')
      .select(['title', 'status', 'severity', 'host'])
      .where('integration_id', '=', id)
      .orderBy('title')
      .execute()
  }
  return { id, key, snippets, paste, alerts }
}

test('Zabbix: the parameters and the script of its media type, as pasted, open and resolve an alert', async () => {
  const { paste, alerts } = await connected('zabbix')
  const parameters = Object.fromEntries(
    paste(/parameters/)
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)] as const),
  )
  const macros: Record<string, string> = {
    'EVENT.ID': '4711',
    'EVENT.VALUE': '1',
    'EVENT.UPDATE.STATUS': '0',
    'EVENT.SOURCE': '0',
    'EVENT.NAME': 'Free disk space is low',
    'EVENT.SEVERITY': 'High',
    'EVENT.DATE': '2026.05.02',
    'EVENT.TIME': '13:07:55',
    'EVENT.TAGSJSON': '[{"tag":"service","value":"billing"}]',
    'TRIGGER.ID': '17',
    'HOST.NAME': 'billing-db-1',
    'HOST.IP': '10.0.0.7',
    'ALERT.MESSAGE': 'Disk D: has 4 % free',
  }
  const send = async (over: Record<string, string>) => {
    const known = { ...macros, ...over }
    const value = Object.fromEntries(
      Object.entries(parameters).map(([name, text]) => [
        name,
        text.replaceAll(/\{([A-Z.]+)\}/g, (macro, inner: string) => known[inner] ?? macro),
      ]),
    )
    // Zabbix's own HttpRequest waits for its answer; here the script is asked what it would send.
    const sent: { url: string; body: string }[] = []
    class HttpRequest {
      addHeader() {}
      post(url: string, body: string) {
        sent.push({ url, body })
      }
      getStatus = () => 200
    }
    const script = new vm.Script(`(function (value) {\n${paste(/script/)}\n})(value)`)
    expect(script.runInNewContext({ value: JSON.stringify(value), HttpRequest, JSON })).toBe('OK')
    const { url, body } = sent[0]!
    expect((await door.send(new URL(url).pathname, body)).status).toBe(200)
  }
  await send({})
  expect(await alerts()).toEqual([
    { title: 'Free disk space is low', status: 'firing', severity: 'error', host: 'billing-db-1' },
  ])
  const recovered = {
    'EVENT.VALUE': '0',
    'EVENT.RECOVERY.DATE': '2026.05.02',
    'EVENT.RECOVERY.TIME': '13:20:00',
  }
  await send(recovered)
  expect(await alerts()).toMatchObject([{ status: 'resolved' }])
})

test('Zabbix: the media type to import is the one made by hand, with a message for each operation', async () => {
  const { paste } = await connected('zabbix')
  const { zabbix_export: file } = parse(paste(/Import/)) as {
    zabbix_export: { media_types: Record<string, unknown>[] }
  }
  const [media] = file.media_types
  const parameters = media!.parameters as { name: string; value: string }[]
  expect(parameters.map(({ name, value }) => `${name}: ${value}\n`).join('')).toBe(paste(/parameters/))
  expect(media!.script).toBe(paste(/script/))
  expect(media!.message_templates).toMatchObject(
    ['PROBLEM', 'RECOVERY', 'UPDATE'].map((operation_mode) => ({ event_source: 'TRIGGERS', operation_mode })),
  )
})

test('PagerDuty: address and key as pasted, and the change by curl', async () => {
  const { id, paste, alerts } = await connected('pagerduty_events_v2')
  const settings = paste(/settings/)
  const url = /^Events API URL: (.+)$/m.exec(settings)![1]!
  const routing_key = /^Integration key.*: (.+)$/m.exec(settings)![1]!
  const say = (event_action: string) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        routing_key,
        event_action,
        dedup_key: 'fan',
        ...(event_action === 'trigger' && {
          payload: { summary: 'Fan failed', source: 'rack-1', severity: 'critical' },
        }),
      }),
    })
  expect((await say('trigger')).status).toBe(202)
  expect(await alerts()).toMatchObject([{ title: 'Fan failed', status: 'firing', severity: 'critical' }])
  expect((await say('resolve')).status).toBe(202)
  expect(await alerts()).toMatchObject([{ status: 'resolved' }])
  const { stdout } = await run('bash', ['-c', paste(/change/i)])
  expect(JSON.parse(stdout)).toMatchObject({ status: 'success' })
  await drain(base.db)
  const change = await base.db
    .selectFrom('event')
    .select(['kind', 'title'])
    .where('integration_id', '=', id)
    .where('kind', '=', 'change')
    .executeTakeFirst()
  expect(change).toEqual({ kind: 'change', title: 'Billing 4.2 is live' })
})

// What is a whole command is run as it stands.
const commands = (Object.keys(SYSTEMS) as System[]).filter(isSystem).flatMap((system) =>
  configurationOf(system, SYSTEMS[system], 'http://127.0.0.1')
    .snippets.filter(({ language, text }) => language === 'sh' && /^curl [^;|&]*$/.test(text.trim()))
    .map(({ file }) => [system, file] as const),
)
test.each(commands)('%s: “%s”, a command as pasted, is taken', async (system, file) => {
  const { snippets, key } = await connected(system)
  const text = snippets.find((one) => one.file === file)!.text.replaceAll('<key>', key)
  const { stdout } = await run('bash', [
    '-c',
    text.trim().replace(/^curl /, 'curl -s -o /dev/null -w "%{http_code}" '),
  ])
  expect(stdout).toMatch(/^20\d$/)
})
