import { isHttpError, redirect } from '@sveltejs/kit'
import { browser } from '$app/env'
import { type Api, loadFrom } from '#lib/api/client.ts'
import { isProblem } from '#lib/api/problem.ts'
import type { List } from '#lib/api/types.ts'
import { toasts } from '#lib/frame/toasts.svelte.ts'
import { m } from '#lib/paraglide/messages.js'
import type { ChangeAround } from '#lib/ticket/planned-change.ts'
import type { KeptDraft } from '#lib/ticket/draft.svelte.ts'
import { storyQuery } from '#lib/ticket/story.svelte.ts'
import type { ExplainedClock, StoryLine, TicketHealth, TicketPage } from '#lib/ticket/ticket-page.ts'
import type { PageLoad } from './$types'

let shown: string | undefined
let toldOf: string | undefined

/** One ticket with its story, its clocks, and how what it is about is just now. */
export const load: PageLoad = async ({ fetch, url, params }) => {
  const number = params.number.toUpperCase()
  const [ticket, story, sla, health, around, drafts] = await loadFrom({ fetch, url }, (api) =>
    Promise.all([
      api.get<TicketPage>(`/tickets/${number}`),
      api.get<List<StoryLine>>(`/tickets/${number}/activity`, storyQuery),
      api.get<{ items: ExplainedClock[] }>(`/tickets/${number}/sla`),
      api.get<TicketHealth>(`/tickets/${number}/health`),
      number.startsWith('CHG-') ? aroundOf(api, number) : undefined,
      api.get<List<KeptDraft>>(`/tickets/${number}/drafts`),
    ]),
  ).catch((failure: unknown) => {
    // It was here a moment ago: somebody handed it out of the reader's sight.
    if (!browser || shown !== number || !isHttpError(failure, 404)) throw failure
    // Said once: of several readings under way, any may be the one that leaves.
    if (toldOf !== number) toasts.show(m.ticket_gone({ number }))
    toldOf = number
    redirect(303, '/tickets')
  })
  if (browser) [shown, toldOf] = [number, undefined]
  return { place: number, ticket, story, clocks: sla.items, health, around, drafts: drafts.items }
}

/** What is around a change, for those who work on it. */
const aroundOf = (api: Api, number: string) =>
  api.get<ChangeAround>(`/tickets/${number}/around`).catch((failure: unknown) => {
    if (isProblem(failure, 403)) return undefined
    throw failure
  })
