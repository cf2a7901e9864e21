import AxeBuilder from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { inject } from 'vitest'
import type { DemoDesk, Role } from './browser-desk.ts'

/** The desk that the browser tests of this run share. */
export function demoDesk(): DemoDesk {
  const desk = inject('demoDesk')
  if (!desk) throw new Error('There is no Chromium on this machine, so the browser tests have no desk.')
  return desk
}

export type Visit = { context: BrowserContext; page: Page; errors: string[] }

/** A browser window of this person, signed in; what the page's script throws is kept in `errors`. */
export async function visit(
  browser: Browser,
  role: Role | null,
  options: { width?: number; height?: number; dark?: boolean; locale?: string } = {},
): Promise<Visit> {
  const desk = demoDesk()
  const context = await browser.newContext({
    baseURL: desk.app,
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.dark ? 'dark' : 'light',
    ...(options.locale && { locale: options.locale }),
  })
  if (role) {
    const cookies = desk.sessions[role]!.split('; ').map((cookie) => {
      const at = cookie.indexOf('=')
      return { name: cookie.slice(0, at), value: cookie.slice(at + 1), url: desk.app }
    })
    await context.addCookies(cookies)
  }
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  return { context, page, errors }
}

/** What an accessibility scan finds wrong on the page as it stands; nothing, where all is well. */
export async function violations(page: Page): Promise<string[]> {
  // Legacy mode leaves frames alone: a mail's may run no script, so a scan in it would never end.
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  return found.map(
    ({ id, help, nodes }) =>
      `${id}: ${help} — ${nodes
        .map((node) => node.target.join(' '))
        .slice(0, 3)
        .join(', ')}`,
  )
}

/** Sends one Alertmanager notification as Alertmanager would. */
export async function alertmanagerSays(alert: {
  name: string
  fingerprint: string
  status: 'firing' | 'resolved'
  service?: string
  summary?: string
  severity?: string
  startsAt: string
}): Promise<Response> {
  const desk = demoDesk()
  const { name, fingerprint, status, startsAt } = alert
  return fetch(`${desk.ingest}/v1/alertmanager/${desk.integrations.alertmanager}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      version: '4',
      groupKey: `{}:{alertname="${name}"}`,
      status,
      receiver: 'tocsin',
      groupLabels: { alertname: name },
      commonLabels: {},
      commonAnnotations: {},
      externalURL: 'http://alertmanager.test:9093',
      truncatedAlerts: 0,
      alerts: [
        {
          status,
          labels: {
            alertname: name,
            severity: alert.severity ?? 'critical',
            instance: 'web-9:9100',
            ...(alert.service && { service: alert.service }),
          },
          annotations: { summary: alert.summary ?? `${name} on web-9` },
          startsAt,
          endsAt: status === 'firing' ? '0001-01-01T00:00:00Z' : new Date().toISOString(),
          generatorURL: 'http://prometheus.test:9090/graph',
          fingerprint,
        },
      ],
    }),
  })
}
