import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { APIRequestContext, APIResponse, Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../harness/browser-desk.ts'
import { hasChromium, launchChromium } from '../harness/chromium.ts'
import { alertmanagerSays, type Visit, violations, visit } from '../harness/visitor.ts'

type Ask = APIRequestContext
/** The address itself, or what finds or makes the thing that the page is about. */
type Found = (ask: Ask) => Promise<string>
type Address = string | Found

async function json<Body>(answer: APIResponse): Promise<Body> {
  if (!answer.ok()) throw new Error(`${answer.url()} answered ${answer.status()}: ${await answer.text()}`)
  return (await answer.json()) as Body
}

/** The page of the first that the API lists. */
const first =
  (list: string, page: string, key = 'id'): Found =>
  async (ask) => {
    const { items } = await json<{ items: Record<string, string>[] }>(await ask.get(`/api/v1${list}`))
    if (!items[0]) throw new Error(`${list} is empty`)
    return page.replace('*', encodeURIComponent(items[0][key]!))
  }
/** The page of what the API is asked to make. */
const made =
  (list: string, page: string, body: () => NonNullable<Parameters<Ask['post']>[1]>): Found =>
  async (ask) => {
    const answer = await ask.post(`/api/v1${list}`, body())
    return page.replace('*', (await json<{ id: string }>(answer)).id)
  }
const table = (name: string) => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.from('host,site\nweb-1,Lyon\n'),
})
const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()

const whatIf: Address = async (ask) => {
  const { items } = await json<{ items: { id: string }[] }>(await ask.get('/api/v1/sla-policies'))
  const data = { policy_id: items[0]!.id, from: ago(30), to: ago(1) }
  return made('/sla-what-ifs', '/admin/slas/what-if/*', () => ({ data }))(ask)
}
const replay: Address = async (ask) => {
  const { recorded_since: from } = await json<{ recorded_since: string }>(await ask.get('/api/v1/replays'))
  return made('/replays', '/admin/rules/replays/*', () => ({ data: { from, to: ago(0) } }))(ask)
}
const receipt: Address = async (ask) => {
  // Over before it began: it is received, and opens nothing.
  const alert = {
    name: 'EveryPage',
    fingerprint: 'every-page',
    status: 'resolved',
    startsAt: ago(1),
  } as const
  expect((await alertmanagerSays(alert)).ok).toBe(true)
  const { items } = await json<{ items: { id: string; system: string }[] }>(
    await ask.get('/api/v1/integrations'),
  )
  const { id } = items.find(({ system }) => system === 'alertmanager')!
  return first(`/integrations/${id}/receipts`, `/admin/integrations/${id}/receipts/*`)(ask)
}
const ofPage = (rest = '') => first('/integrations', `/admin/integrations/*${rest}`)
const call = (address: Address, ask: Ask) => (typeof address === 'string' ? address : address(ask))

/** Every page of ui/src/routes, who opens it, and where. */
const PAGES: Record<string, [Role | null, Address]> = {
  '/ack/[token]': [null, '/ack/ack_nothing'],
  '/admin': ['administrator', '/admin'],
  '/admin/audit': ['administrator', '/admin/audit'],
  '/admin/automation': ['administrator', '/admin/automation'],
  '/admin/automation/log': ['administrator', '/admin/automation/log'],
  '/admin/calendars': ['administrator', '/admin/calendars'],
  '/admin/calendars/[id]': ['administrator', first('/calendars', '/admin/calendars/*')],
  '/admin/catalogue': ['administrator', '/admin/catalogue'],
  '/admin/catalogue/[id]': ['administrator', first('/catalogue', '/admin/catalogue/*', 'key')],
  '/admin/categories': ['administrator', '/admin/categories'],
  '/admin/categories/[id]': ['administrator', first('/categories', '/admin/categories/*')],
  '/admin/checklists': ['administrator', '/admin/checklists'],
  '/admin/checklists/[id]': ['administrator', first('/checklist-templates', '/admin/checklists/*')],
  '/admin/escalations': ['administrator', '/admin/escalations'],
  '/admin/escalations/[id]': ['administrator', first('/escalation-policies', '/admin/escalations/*')],
  '/admin/fields': ['administrator', '/admin/fields'],
  '/admin/fields/[id]': ['administrator', first('/fields', '/admin/fields/*')],
  '/admin/groups': ['administrator', '/admin/groups'],
  '/admin/groups/[id]': ['administrator', first('/people-groups', '/admin/groups/*')],
  '/admin/imports': ['administrator', '/admin/imports'],
  '/admin/imports/[id]': [
    'administrator',
    made('/imports', '/admin/imports/*', () => ({ multipart: { file: table('tickets.csv') } })),
  ],
  '/admin/integrations': ['administrator', '/admin/integrations'],
  '/admin/integrations/[id]': ['administrator', ofPage()],
  '/admin/integrations/[id]/dead-letters': ['administrator', ofPage('/dead-letters')],
  '/admin/integrations/[id]/events': ['administrator', ofPage('/events')],
  '/admin/integrations/[id]/receipts': ['administrator', ofPage('/receipts')],
  '/admin/integrations/[id]/receipts/[receipt]': ['administrator', receipt],
  '/admin/integrations/[id]/shadow': ['administrator', ofPage('/shadow')],
  '/admin/integrations/new': ['administrator', '/admin/integrations/new'],
  '/admin/keys': ['administrator', '/admin/keys'],
  '/admin/lookups': ['administrator', '/admin/lookups'],
  '/admin/lookups/[id]': [
    'administrator',
    made('/lookups', '/admin/lookups/*', () => ({
      multipart: { name: `Sites ${Date.now()}`, field: 'host', column: 'host', file: table('sites.csv') },
    })),
  ],
  '/admin/mailbox': ['administrator', '/admin/mailbox'],
  '/admin/mailbox/[id]': ['administrator', first('/mailbox', '/admin/mailbox/*')],
  '/admin/organisations': ['administrator', '/admin/organisations'],
  '/admin/organisations/[id]': ['administrator', first('/organisations', '/admin/organisations/*')],
  '/admin/people': ['administrator', '/admin/people'],
  '/admin/people/[id]': ['administrator', first('/people', '/admin/people/*')],
  '/admin/permissions': ['administrator', '/admin/permissions'],
  '/admin/priorities': ['administrator', '/admin/priorities'],
  '/admin/routing': ['administrator', '/admin/routing'],
  '/admin/rules': ['administrator', '/admin/rules'],
  '/admin/rules/replays': ['administrator', '/admin/rules/replays'],
  '/admin/rules/replays/[id]': ['administrator', replay],
  '/admin/services': ['administrator', '/admin/services'],
  '/admin/services/[id]': ['administrator', first('/services', '/admin/services/*')],
  '/admin/skills': ['administrator', '/admin/skills'],
  '/admin/slas': ['administrator', '/admin/slas'],
  '/admin/slas/[id]': ['administrator', first('/sla-policies', '/admin/slas/*')],
  '/admin/slas/what-if': ['administrator', '/admin/slas/what-if'],
  '/admin/slas/what-if/[id]': ['administrator', whatIf],
  '/admin/statuses': ['administrator', '/admin/statuses'],
  '/admin/statuses/[id]': ['administrator', first('/statuses', '/admin/statuses/*')],
  '/admin/tags': ['administrator', '/admin/tags'],
  '/admin/teams': ['administrator', '/admin/teams'],
  '/admin/teams/[id]': ['administrator', first('/teams', '/admin/teams/*')],
  '/admin/webhooks': ['administrator', '/admin/webhooks'],
  '/admin/webhooks/[id]': ['administrator', '/admin/webhooks/new'],
  '/alerts': ['agent', '/alerts'],
  '/alerts/[id]': ['agent', first('/alerts', '/alerts/*')],
  '/canned-replies': ['agent', '/canned-replies'],
  '/canned-replies/[id]': ['agent', '/canned-replies/new'],
  '/changes': ['agent', '/changes'],
  '/insights': ['manager', '/insights'],
  '/known-errors': ['agent', '/known-errors'],
  '/live': ['manager', '/live'],
  '/macros': ['agent', '/macros'],
  '/macros/[id]': ['agent', '/macros/new'],
  '/maintenance': ['agent', '/maintenance'],
  '/maintenance/[id]': ['agent', first('/maintenance', '/maintenance/*')],
  '/maintenance/[id]/edit': ['agent', first('/maintenance', '/maintenance/*/edit')],
  '/maintenance/new': ['agent', '/maintenance/new'],
  '/me': ['agent', '/me'],
  '/oncall': ['on_call', '/oncall'],
  '/oncall/schedules': ['on_call', '/oncall/schedules'],
  '/oncall/schedules/[id]': ['on_call', first('/schedules', '/oncall/schedules/*')],
  '/portal': ['employee', '/portal'],
  '/portal/[item]': ['employee', first('/catalogue', '/portal/*', 'key')],
  '/portal/approvals': ['employee', '/portal/approvals'],
  '/portal/new': ['employee', '/portal/new'],
  '/portal/requests': ['employee', '/portal/requests'],
  '/portal/requests/[number]': ['employee', first('/tickets?requester=me', '/portal/requests/*', 'number')],
  '/reminders': ['agent', '/reminders'],
  '/reviews': ['agent', '/reviews'],
  '/sign-in': [null, '/sign-in'],
  '/tickets': ['agent', '/tickets'],
  '/tickets/[number]': ['agent', first('/tickets?kind=incident', '/tickets/*', 'number')],
  '/tickets/[number]/review': ['agent', first('/tickets?major=declared', '/tickets/*/review', 'number')],
  '/tickets/[number]/sla': ['agent', first('/tickets?kind=incident', '/tickets/*/sla', 'number')],
  '/tickets/new': ['agent', '/tickets/new'],
}
/** Pages that a desk with people in it never shows. */
const NEVER = ['/welcome']

const LOOKS = [
  { dark: false, width: 1440 },
  { dark: true, width: 390 },
  { dark: true, width: 1440 },
  { dark: false, width: 390 },
]

/** What takes a mouse, or what no keyboard could do: save a thumb on a phone, and dragging, which keys do too. */
const POINTED =
  /\.(?:click|dblclick|tap|hover|check|uncheck|fill|selectOption|setInputFiles|dragTo)\(|\bmouse\./
const BY_THUMB = new Set(['on-call.spec.ts', 'every-page.spec.ts'])
const ALLOWED = new Set(['await tap.click()', 'await held(1).dragTo(people.nth(2))'])

it('what people do at a desk, they do by keyboard alone', () => {
  const folder = fileURLToPath(new URL('./', import.meta.url))
  const specs = globSync('*.spec.ts', { cwd: folder }).filter((file) => !BY_THUMB.has(file))
  const pointed = specs.flatMap((file) =>
    readFileSync(`${folder}${file}`, 'utf8')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => POINTED.test(line) && !ALLOWED.has(line))
      .map((line) => `${file}: ${line}`),
  )
  expect(pointed).toEqual([])
})

describe.skipIf(!hasChromium())('every page', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser?.close())

  it('is in the walk below', () => {
    const routes = fileURLToPath(new URL('../../ui/src/routes', import.meta.url))
    const pages = globSync('**/+page.svelte', { cwd: routes }).map(
      (file) => `/${file.replace(/\/?\+page\.svelte$/, '')}`.replaceAll(/\/\([a-z]+\)/g, '') || '/',
    )
    expect([...Object.keys(PAGES), ...NEVER].toSorted()).toEqual(pages.toSorted())
  })

  // A page in one of the four looks each; in soak in all of them.
  const looks = process.env.TOCSIN_SOAK ? [0, 1, 2, 3] : [0]
  it.each(looks)(
    'has nothing that an accessibility scan finds wrong (%i)',
    { timeout: 600_000 },
    async (turn) => {
      const visits = new Map<Role | null, Visit>()
      for (const [index, [route, [role, address]]] of Object.entries(PAGES).entries()) {
        const { dark, width } = LOOKS[(index + turn) % LOOKS.length]!
        const { page, context, errors } = visits.get(role) ?? (await visit(browser, role))
        visits.set(role, { page, context, errors })
        await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' })
        await page.setViewportSize({ width, height: 900 })
        const answer = await page.goto(await call(address, context.request))
        expect.soft(answer!.status(), route).toBe(200)
        await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' })
        expect.soft(await violations(page), `${route}, ${width} px, ${dark ? 'dark' : 'light'}`).toEqual([])
        expect.soft(errors.splice(0), route).toEqual([])
        const wider = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
        expect.soft(wider, `${route} is wider than ${width}`).toBeLessThanOrEqual(0)
      }
      await Promise.all([...visits.values()].map(({ context }) => context.close()))
    },
  )
})
