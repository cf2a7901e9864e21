import type { EChartsOption } from 'echarts'
import { PRIORITIES, type Priority } from '#lib/api/types.ts'
import { amountAxis, quietAxis } from '#lib/chart/base-option.ts'
import type { ChartTokens } from '#lib/chart/tokens.ts'
import { m } from '#lib/paraglide/messages.js'
import { labelled } from '#lib/text/labelled.ts'
import type { HeldOdds } from './types.ts'
import { shareWords } from './words.ts'

/** One lying bar a group, split by priority. */
export const lying =
  (rows: readonly { name: string; counts: Record<Priority, number> }[]) =>
  (tokens: ChartTokens): EChartsOption => ({
    grid: { left: 8, right: 24, top: 32, bottom: 4, containLabel: true },
    legend: {
      top: 0,
      left: 0,
      icon: 'roundRect',
      itemWidth: 10,
      itemHeight: 10,
      textStyle: { color: tokens.soft },
      selectedMode: false,
    },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      confine: true,
      backgroundColor: tokens.raised,
      borderColor: tokens.line,
      textStyle: { color: tokens.ink },
    },
    xAxis: amountAxis(tokens, { minInterval: 1 }),
    yAxis: quietAxis(tokens, {
      type: 'category',
      data: rows.map(({ name }) => name),
      inverse: true,
      axisLabel: { color: tokens.soft, width: 130, overflow: 'truncate', interval: 0 },
    }),
    series: PRIORITIES.map((priority) => ({
      type: 'bar',
      name: priority,
      stack: 'all',
      color: tokens[priority.toLowerCase() as 'p1'],
      barMaxWidth: 20,
      data: rows.map(({ counts }) => counts[priority] || null),
    })),
  })

/** What was foretold against what came of it; whiskers say how sure that is, and on the line it is as foretold. */
export const reliability =
  ({ bins }: HeldOdds) =>
  (tokens: ChartTokens): EChartsOption => {
    const most = Math.max(1, ...bins.map(({ n }) => n))
    const axis = { min: 0, max: 1, interval: 0.25 }
    const label = { color: tokens.soft, formatter: shareWords }
    const quiet = { silent: true, symbol: 'none', type: 'line' as const, animation: false }
    return {
      grid: { left: 8, right: 20, top: 28, bottom: 26, containLabel: true },
      tooltip: {
        trigger: 'item',
        confine: true,
        backgroundColor: tokens.raised,
        borderColor: tokens.line,
        textStyle: { color: tokens.ink },
        formatter: (given) => {
          const bin = bins[(given as { dataIndex: number }).dataIndex]
          if (!bin) return ''
          return [
            labelled(m.live_foretold(), shareWords(bin.foretold)),
            `${m.live_happened()}: ${shareWords(bin.happened)} (${shareWords(bin.low)} – ${shareWords(bin.high)})`,
            `n = ${bin.n}`,
          ].join('<br>')
        },
      },
      xAxis: amountAxis(tokens, {
        ...axis,
        axisLabel: label,
        splitLine: { show: false },
        name: m.live_foretold(),
        nameLocation: 'middle',
        nameGap: 26,
        nameTextStyle: { color: tokens.soft },
      }),
      yAxis: amountAxis(tokens, {
        ...axis,
        axisLabel: label,
        name: m.live_happened(),
        nameTextStyle: { color: tokens.soft, align: 'left', padding: [0, 0, 0, -28] },
      }),
      series: [
        {
          type: 'scatter',
          name: m.live_happened(),
          color: tokens.accent,
          z: 5,
          symbolSize: (_: unknown, { dataIndex }: { dataIndex: number }) =>
            8 + 12 * Math.sqrt((bins[dataIndex]?.n ?? 0) / most),
          data: bins.map(({ foretold, happened }) => [foretold, happened]),
        },
        {
          ...quiet,
          data: [
            [0, 0],
            [1, 1],
          ],
          lineStyle: { color: tokens.lineStrong, type: 'dashed', width: 1.5 },
        },
        ...bins.map(({ foretold, low, high }) => ({
          ...quiet,
          data: [
            [foretold, low],
            [foretold, high],
          ],
          lineStyle: { color: tokens.accent, width: 1.5, opacity: 0.6 },
        })),
      ],
    }
  }
