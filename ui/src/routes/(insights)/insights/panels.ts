import type { Kind } from '#lib/api/types.ts'
import type { MakeOption } from '#lib/chart/draw.svelte.ts'
import type { ChartTokens } from '#lib/chart/tokens.ts'
import { figureWords, hoursWords, stepWords, weekdayWords } from '#lib/insight/format.ts'
import { bars, columns, heat, lines } from '#lib/insight/options.ts'
import { beside, type Kpi, type KpiPoint, type Unit } from '#lib/insight/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { Locale } from '#lib/text/locale.ts'
import { channelWord, kindWord } from '#lib/ticket/words.ts'

/** What the page has read: each figure over time, and the cuts through some of them. */
export interface Figures {
  over: Record<
    | 'volume'
    | 'backlog'
    | 'acknowledge'
    | 'resolve'
    | 'response'
    | 'resolution'
    | 'reopened'
    | 'compression'
    | 'pages',
    Kpi | null
  >
  volumeBy: Record<'kind' | 'priority' | 'source', Kpi | null>
  pagesByHour: Kpi | null
  spentBy: Record<'team' | 'service', Kpi | null>
}

/** One chart that answers one question, with the same figures as a table. */
export interface Panel {
  title: string
  kpi: Kpi | null
  /** The figure whose definition stands beside it. */
  defines: string
  /** Sixths of the page's width. */
  span: 2 | 3 | 4 | 6
  option: MakeOption
  table: { columns: string[]; rows: (string | number)[][] }
  summary?: string
  note?: string
  height?: number
}

type Question = Pick<Panel, 'title' | 'kpi' | 'defines' | 'span' | 'note' | 'height'>
type Read = (point: KpiPoint, index: number) => number | null
interface Column {
  name: string
  read: Read
  colour: keyof ChartTokens
  dashed?: boolean
}

const value: Read = (point) => point.value
const named =
  (name: string): Read =>
  (point) =>
    beside(point, name)

/** The charts of the page, in its order. */
export function panelsOf({ over, volumeBy, pagesByHour, spentBy }: Figures, locale: Locale): Panel[] {
  const { volume, backlog, acknowledge, resolve, response, resolution, compression } = over
  const answered: Read = (_, index) => response?.series[index]?.value ?? null
  const overdue = [response, resolution].reduce((sum, kpi) => sum + (beside(kpi ?? {}, 'overdue') ?? 0), 0)
  const share = {
    max: 100,
    min: (range: { min: number }) => Math.max(0, Math.floor(range.min / 10) * 10),
  }
  const spread: Column[] = [
    { name: m.insights_median(), read: named('median'), colour: 'accent' },
    { name: m.insights_p90(), read: named('p90'), colour: 'p2', dashed: true },
    { name: m.insights_mean(), read: value, colour: 'p5', dashed: true },
  ]
  return [
    overTime({ title: m.insights_q_volume(), kpi: volume, defines: 'volume', span: 6 }, 'columns', locale, [
      { name: m.insights_col_tickets(), read: value, colour: 'accent' },
    ]),
    ...(
      [
        [m.insights_q_kind(), volumeBy.kind, (key) => kindWord(key as Kind)],
        [m.insights_q_priority(), volumeBy.priority, (key) => key],
        [m.insights_q_source(), volumeBy.source, channelWord],
      ] satisfies [string, Kpi | null, (key: string) => string][]
    ).map(([title, kpi, word]) =>
      byKey({ title, kpi, defines: 'volume', span: 2, height: 170 }, word, locale),
    ),
    overTime(
      { title: m.insights_q_resolve(), kpi: resolve, defines: 'time_to_resolve', span: 3 },
      'lines',
      locale,
      spread,
    ),
    overTime(
      { title: m.insights_q_acknowledge(), kpi: acknowledge, defines: 'time_to_acknowledge', span: 3 },
      'lines',
      locale,
      spread,
    ),
    overTime(
      {
        title: m.insights_q_sla(),
        kpi: resolution ?? response,
        defines: 'sla_resolution',
        span: 3,
        note: overdue > 0 ? m.insights_breached_open({ count: overdue }) : undefined,
      },
      'lines',
      locale,
      [
        { name: m.insights_response(), read: answered, colour: 'p4' },
        { name: m.insights_resolution(), read: resolution ? value : () => null, colour: 'accent' },
      ],
      share,
    ),
    overTime(
      { title: m.insights_q_backlog(), kpi: backlog, defines: 'backlog', span: 3 },
      'columns',
      locale,
      [
        { name: m.insights_under_10(), read: named('under_10_days'), colour: 'accent' },
        { name: m.insights_10_30(), read: named('from_10_to_30_days'), colour: 'p3' },
        { name: m.insights_over_30(), read: named('over_30_days'), colour: 'p1' },
      ],
    ),
    condensed(
      { title: m.insights_q_compression(), kpi: compression, defines: 'compression', span: 2 },
      locale,
    ),
    overTheWeek({ title: m.insights_q_pages_hour(), kpi: pagesByHour, defines: 'pages', span: 4 }, locale),
    spent(m.insights_q_spent_team(), spentBy.team, locale),
    spent(m.insights_q_spent_service(), spentBy.service, locale),
  ]
}

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000]

/** The unit in which an axis of durations counts, so that its steps are whole. */
const unitOf = (most: number): number => (most > 1.5 * DAY ? DAY : most > 3 * HOUR ? HOUR : MINUTE)

function overTime(
  question: Question,
  shape: 'lines' | 'columns',
  locale: Locale,
  told: Column[],
  axis: Record<string, unknown> = {},
): Panel {
  const { kpi } = question
  const series = kpi?.series ?? []
  const unit: Unit = kpi?.unit ?? 'tickets'
  const labels = series.map(({ at }) => (kpi && at ? stepWords(at, kpi.by, kpi.tz, locale) : ''))
  const read = told.map((column) => ({ ...column, values: series.map(column.read) }))
  const step = unit === 'ms' ? unitOf(Math.max(0, ...read.flatMap(({ values }) => values.map(Number)))) : 1
  const drawn = read.map(({ values, ...column }) => ({
    ...column,
    values: values.map((each) => (each === null ? null : each / step)),
  }))
  const words = (each: number) => figureWords(each * step, unit, locale)
  return {
    ...question,
    option: shape === 'lines' ? lines(labels, drawn, words, axis) : columns(labels, drawn, words),
    table: {
      columns: [m.insights_col_when(), ...told.map(({ name }) => name), m.insights_col_n()],
      rows: series.map((point, index) => [
        labels[index] ?? '',
        ...read.map(({ values }) => figureWords(values[index] ?? null, unit, locale)),
        figureWords(point.n, 'tickets', locale),
      ]),
    },
  }
}

const priorities: Record<string, keyof ChartTokens> = { P1: 'p1', P2: 'p2', P3: 'p3', P4: 'p4', P5: 'p5' }

function byKey(question: Question, word: (key: string) => string, locale: Locale): Panel {
  const rows = (question.kpi?.series ?? []).map(({ key, value: amount }) => ({
    name: word(key),
    value: amount ?? 0,
    colour: priorities[key],
  }))
  return lying(question, rows, m.insights_col_tickets(), locale)
}

/** Those with the most are drawn; the table and the file have all. */
const mostDrawn = 12

function spent(title: string, kpi: Kpi | null, locale: Locale): Panel {
  const series = kpi?.series ?? []
  const hours = (ms: number) => hoursWords(ms, locale)
  const rows = series.map(({ key, label, value: ms }) => ({
    name: label ?? (key || m.common_none()),
    value: ms ?? 0,
  }))
  const drawn = rows.slice(0, mostDrawn)
  return {
    title,
    kpi,
    defines: 'time_spent',
    span: 3,
    height: Math.max(120, 26 * drawn.length),
    option: bars(drawn, hours),
    table: {
      columns: [m.insights_col_what(), m.insights_col_spent(), m.insights_col_tickets(), m.insights_col_n()],
      rows: rows.map(({ name, value: ms }, index) => [
        name,
        hours(ms),
        figureWords(beside(series[index]!, 'tickets'), 'tickets', locale),
        figureWords(series[index]!.n, 'tickets', locale),
      ]),
    },
  }
}

function condensed(question: Question, locale: Locale): Panel {
  const of = (name: string) => beside(question.kpi ?? {}, name) ?? 0
  const rows = [
    { name: m.insights_events(), value: of('events'), colour: 'p5' as const },
    { name: m.insights_alerts(), value: of('alerts'), colour: 'p4' as const },
    { name: m.insights_tickets(), value: of('tickets'), colour: 'accent' as const },
  ]
  return lying(question, rows, m.insights_col_n(), locale)
}

function lying(question: Question, rows: Parameters<typeof bars>[0], column: string, locale: Locale): Panel {
  const count = (amount: number) => figureWords(amount, 'tickets', locale)
  return {
    ...question,
    option: bars(rows, count),
    table: {
      columns: [m.insights_col_what(), column],
      rows: rows.map((row) => [row.name, count(row.value)]),
    },
  }
}

/** Keys are weekday and hour, such as 1-03: Monday, three in the morning. */
function overTheWeek(question: Question, locale: Locale): Panel {
  const series = question.kpi?.series ?? []
  const amount = new Map(series.map((point) => [point.key, point.value ?? 0]))
  const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'))
  const days = ['1', '2', '3', '4', '5', '6', '7']
  const dayWords = days.map((day) => weekdayWords(day, locale))
  const cells = days.map((day) => hours.map((hour) => amount.get(`${day}-${hour}`) ?? 0))
  const count = (each: number) => figureWords(each, 'pages', locale)
  const most = series.reduce<KpiPoint | undefined>(
    (top, point) => ((point.value ?? 0) > (top?.value ?? 0) ? point : top),
    undefined,
  )
  const [day = '', hour = ''] = most?.key.split('-') ?? []
  return {
    ...question,
    option: heat({ across: hours, down: dayWords, cells }, m.insights_kpi_pages(), count),
    summary:
      most &&
      m.insights_heat_most({
        day: weekdayWords(day, locale),
        hour: `${hour}:00`,
        count: count(most.value ?? 0),
      }),
    table: {
      columns: [m.insights_col_day(), ...hours],
      rows: cells.map((row, index) => [dayWords[index] ?? '', ...row.map(count)]),
    },
  }
}
