import type { EChartsOption } from 'echarts'
import { amountAxis, quietAxis } from '#lib/chart/base-option.ts'
import type { ChartTokens } from '#lib/chart/tokens.ts'

type Value = number | null
type Words = (value: number) => string

export interface Line {
  name: string
  values: Value[]
  colour: keyof ChartTokens
  dashed?: boolean
}

const tooltipWords = (words: Words) => (value: unknown) => (typeof value === 'number' ? words(value) : '–')

/** Lines over time; several are named above the chart, where they cannot cover each other. */
export const lines =
  (labels: string[], all: Line[], words: Words, axis: Record<string, unknown> = {}) =>
  (tokens: ChartTokens): EChartsOption => ({
    grid: { left: 8, right: 16, top: all.length > 1 ? 36 : 16, bottom: 8, containLabel: true },
    legend: { show: all.length > 1, top: 0, left: 0, itemWidth: 18, textStyle: { color: tokens.soft } },
    tooltip: { trigger: 'axis', valueFormatter: tooltipWords(words), confine: true, ...surface(tokens) },
    xAxis: quietAxis(tokens, { type: 'category', data: labels, boundaryGap: false }),
    yAxis: amountAxis(tokens, { axisLabel: { color: tokens.soft, formatter: words }, ...axis }),
    series: all.map(({ name, values, colour, dashed }) => ({
      type: 'line',
      name,
      data: values,
      color: tokens[colour],
      connectNulls: true,
      showSymbol: labels.length <= 60,
      symbolSize: 5,
      lineStyle: { width: dashed ? 1.5 : 2, type: dashed ? 'dashed' : 'solid' },
    })),
  })

/** Bars over time or hours; several stack, unless they are to be compared: shares do not add up. */
export const columns =
  (
    labels: string[],
    all: Line[],
    words: Words,
    {
      stacked = all.length > 1,
      axis = {},
      unit,
    }: { stacked?: boolean; axis?: Record<string, unknown>; unit?: string } = {},
  ) =>
  (tokens: ChartTokens): EChartsOption => ({
    grid: { left: 8, right: 12, top: all.length > 1 ? 32 : 12, bottom: 8, containLabel: true },
    legend: {
      show: all.length > 1,
      top: 0,
      left: 0,
      icon: 'roundRect',
      itemWidth: 10,
      itemHeight: 10,
      textStyle: { color: tokens.soft },
    },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      valueFormatter: tooltipWords(words),
      confine: true,
      ...surface(tokens),
    },
    xAxis: quietAxis(tokens, {
      type: 'category',
      data: labels,
      // Names that are no instants cannot be guessed from their neighbours.
      ...(labels.some((label) => label.includes('\n')) && { axisLabel: { color: tokens.soft, interval: 0 } }),
    }),
    yAxis: amountAxis(tokens, {
      minInterval: 1,
      ...(unit && { axisLabel: { color: tokens.soft, formatter: `{value} ${unit}` } }),
      ...axis,
    }),
    series: all.map(({ name, values, colour }) => ({
      type: 'bar',
      name,
      data: values,
      stack: stacked ? 'all' : undefined,
      color: tokens[colour],
      barMaxWidth: 28,
      itemStyle: { borderRadius: stacked ? 0 : [2, 2, 0, 0] },
    })),
  })

/** One bar a category, lying, with its name before and its amount behind it. */
export const bars =
  (rows: { name: string; value: number; colour?: keyof ChartTokens }[], words: Words) =>
  (tokens: ChartTokens): EChartsOption => ({
    grid: { left: 8, right: 64, top: 4, bottom: 4, containLabel: true },
    tooltip: { trigger: 'item', valueFormatter: tooltipWords(words), confine: true, ...surface(tokens) },
    xAxis: { type: 'value', show: false },
    yAxis: quietAxis(tokens, {
      type: 'category',
      inverse: true,
      data: rows.map(({ name }) => name),
      axisLine: { show: false },
      axisLabel: { color: tokens.ink, width: 150, overflow: 'truncate' },
    }),
    series: [
      {
        type: 'bar',
        data: rows.map(({ value, colour }) => ({ value, itemStyle: { color: tokens[colour ?? 'accent'] } })),
        barMaxWidth: 18,
        itemStyle: { borderRadius: [0, 2, 2, 0] },
        label: {
          show: true,
          position: 'right',
          color: tokens.ink,
          formatter: ({ value }) => words(Number(value)),
        },
      },
    ],
  })

/** A field of cells, row by row, each the darker the more it holds. */
export const heat =
  (
    { across, down, cells }: { across: string[]; down: string[]; cells: number[][] },
    name: string,
    words: Words,
  ) =>
  (tokens: ChartTokens): EChartsOption => ({
    grid: { left: 8, right: 8, top: 4, bottom: 8, containLabel: true },
    tooltip: {
      trigger: 'item',
      confine: true,
      ...surface(tokens),
      formatter: (given) => {
        const [column = 0, row = 0, value = 0] = (given as unknown as { value: number[] }).value
        return `${down[row]} ${across[column]}:00 · ${words(value)}`
      },
    },
    xAxis: quietAxis(tokens, { type: 'category', data: across, axisLine: { show: false } }),
    yAxis: quietAxis(tokens, { type: 'category', data: down, inverse: true, axisLine: { show: false } }),
    visualMap: {
      show: false,
      min: 0,
      max: Math.max(1, ...cells.flat()),
      inRange: { color: [tokens.line, tokens.accent] },
    },
    series: [
      {
        type: 'heatmap',
        name,
        data: cells.flatMap((row, y) => row.map((value, x) => [x, y, value])),
        itemStyle: { borderWidth: 2, borderColor: tokens.surface, borderRadius: 3 },
        emphasis: { itemStyle: { borderColor: tokens.ink } },
      },
    ],
  })

const surface = (tokens: ChartTokens) => ({
  backgroundColor: tokens.raised,
  borderColor: tokens.line,
  textStyle: { color: tokens.ink, fontSize: 12, fontFamily: 'Inter Variable, sans-serif' },
})
