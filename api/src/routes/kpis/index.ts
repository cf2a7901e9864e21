import { z } from '@hono/zod-openapi'
import { analyticsScope, readSettings } from '@tocsin/desk'
import type { Resource } from '../../context.ts'
import { json, route } from '../../route.ts'
import { askAnalytics } from './analytics.ts'
import { csvOf } from './csv.ts'
import { idsOf, labelsFor } from './names.ts'
import {
  DefinitionQuery,
  Definitions,
  Kpi,
  KpiDefinition,
  KpiQuery,
  NameParams,
  Reconciliation,
} from './schema.ts'

const tags = ['Figures']
const list = route('insight.read', {
  method: 'get',
  path: '/kpis',
  summary: 'The figures there are, each with its definition',
  tags,
  request: { query: DefinitionQuery },
  responses: { 200: json(z.object({ items: z.array(KpiDefinition) }), 'Figures') },
})
const reconciliation = route('insight.read', {
  method: 'get',
  path: '/kpis/reconciliation',
  summary: 'Whether the figures equal the record',
  tags,
  request: {},
  responses: { 200: json(Reconciliation, 'The last comparison') },
})
const get = route('insight.read', {
  method: 'get',
  path: '/kpis/{name}',
  summary: 'A figure over a period, within what I may see; `format=csv` for a spreadsheet',
  tags,
  request: { params: NameParams, query: KpiQuery },
  responses: {
    200: {
      description: 'The figure',
      content: { 'application/json': { schema: Kpi }, 'text/csv': { schema: z.string() } },
    },
  },
})

export const kpiRoutes: Resource = (app, { db, config }) => {
  app.openapi(list, async (c) => {
    const lang = c.req.valid('query').lang ?? c.get('reader').person.locale
    const { items } = Definitions.parse(await askAnalytics({ db, config }, '/kpis'))
    return c.json({ items: items.map((kpi) => ({ ...kpi, definition: kpi.definition[lang] })) }, 200)
  })
  app.openapi(reconciliation, async (c) =>
    c.json(Reconciliation.parse(await askAnalytics({ db, config }, '/reconciliation')), 200),
  )
  app.openapi(get, async (c) => {
    const reader = c.get('reader')
    const { format, ...query } = c.req.valid('query')
    const told = await askAnalytics({ db, config }, `/kpis/${c.req.valid('param').name}`, {
      ...query,
      ...(await idsOf(db, { ...query, format })),
      tz: query.tz ?? (await readSettings(db)).reporting_zone,
      scope: analyticsScope(reader),
    })
    const kpi = told as Kpi
    const labels = await labelsFor(db, reader, kpi)
    const series = kpi.series.map((point) => ({
      ...point,
      label: labels.get(point.key.split('|')[0]!) ?? null,
    }))
    if (format === 'json') return c.json({ ...kpi, series }, 200)
    return c.body(csvOf({ ...kpi, series }), 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${kpi.name}.csv"`,
    })
  })
}
