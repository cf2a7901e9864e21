import { loadFrom } from '#lib/api/client.ts'
import { isProblem } from '#lib/api/problem.ts'
import type { List, Named, Team } from '#lib/api/types.ts'
import { queryOf, readQuestion } from '#lib/insight/question.ts'
import type { Kpi, KpiDefinition } from '#lib/insight/types.ts'
import { currentLocale } from '#lib/text/locale.ts'
import type { PageLoad } from './$types'

/** A figure that cannot be read leaves its own place empty; the page and the other figures stand. */
const orNothing = (error: unknown): null => {
  if (isProblem(error) && error.status !== 401 && error.status !== 403) return null
  throw error
}

export const load: PageLoad = async (event) => {
  const question = readQuestion(event.url.searchParams)
  return loadFrom(event, async (api) => {
    const [settings, teams, services, definitions] = await Promise.all([
      api.get<{ settings: { reporting_zone: string } }>('/settings'),
      api.get<List<Team>>('/teams'),
      api.get<List<Named>>('/services'),
      api.get<{ items: KpiDefinition[] }>('/kpis', { lang: currentLocale() }).catch(orNothing),
    ])
    const zone = settings.settings.reporting_zone
    const { query, step } = queryOf(question, zone, Date.now())
    const compared: Record<string, string> = question.compare ? { ...query, compare: 'previous' } : query
    const ask = (name: string, by: string, asked: Record<string, string> = query) =>
      api.get<Kpi>(`/kpis/${name}`, { ...asked, by }).catch(orNothing)
    const over = (name: string) => ask(name, step, compared)
    const [volume, backlog, acknowledge, resolve, response, resolution, reopened, compression, pages] =
      await Promise.all(
        [
          'volume',
          'backlog',
          'time_to_acknowledge',
          'time_to_resolve',
          'sla_response',
          'sla_resolution',
          'reopen_rate',
          'compression',
          'pages',
        ].map(over),
      )
    const [byKind, byPriority, bySource, recurring, pagesByHour, spentByTeam, spentByService] =
      await Promise.all([
        ask('volume', 'kind'),
        ask('volume', 'priority'),
        ask('volume', 'channel'),
        ask('recurring', 'symptom', compared),
        ask('pages', 'hour_of_week'),
        ask('time_spent', 'team'),
        ask('time_spent', 'service'),
      ])
    return {
      question,
      query,
      zone,
      teams: teams.items,
      services: services.items,
      definitions: Object.fromEntries(
        (definitions?.items ?? []).map(({ name, definition }) => [name, definition]),
      ),
      figures: {
        over: {
          volume: volume ?? null,
          backlog: backlog ?? null,
          acknowledge: acknowledge ?? null,
          resolve: resolve ?? null,
          response: response ?? null,
          resolution: resolution ?? null,
          reopened: reopened ?? null,
          compression: compression ?? null,
          pages: pages ?? null,
        },
        volumeBy: { kind: byKind, priority: byPriority, source: bySource },
        pagesByHour,
        spentBy: { team: spentByTeam, service: spentByService },
      },
      recurring,
    }
  })
}
