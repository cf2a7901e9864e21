import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { hasChromium } from './chromium.ts'
import { startDesk } from './desk.ts'

export type Role = 'employee' | 'agent' | 'on_call' | 'manager' | 'administrator'

/** What the demo wrote for people and programs: design's `demo.json`. */
export type DemoDesk = {
  app: string
  ingest: string
  people: { role: Role; email: string; password: string }[]
  apiKey: string
  integrations: Record<string, string>
  /** Session cookies of each person: everybody signs in once a run, as guesses are limited by address. */
  sessions: Record<string, string>
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Absent where there is no Chromium. */
    demoDesk: DemoDesk | null
  }
}

/** One desk with the demo for all browser tests of the run: they share it, so none may count on being alone. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (!hasChromium()) {
    project.provide('demoDesk', null)
    return async () => undefined
  }
  const desk = await startDesk({ demo: true, deadline: 180_000 })
  const demo = JSON.parse(await readFile(join(desk.dataFolder, 'demo.json'), 'utf8')) as DemoDesk
  const sessions: Record<string, string> = {}
  for (const { role, email, password } of demo.people)
    sessions[role] = await signIn(desk.app, email, password)
  project.provide('demoDesk', { ...demo, app: desk.app, ingest: desk.ingest, sessions })
  return desk.remove
}

async function signIn(app: string, email: string, password: string): Promise<string> {
  const answer = await fetch(`${app}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: app },
    body: JSON.stringify({ email, password }),
  })
  if (!answer.ok) throw new Error(`${email} could not sign in: ${answer.status} ${await answer.text()}`)
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ')
}
