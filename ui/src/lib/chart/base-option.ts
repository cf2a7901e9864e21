import type { EChartsOption } from 'echarts'
import type { ChartTokens } from './tokens.ts'

/** What every chart of ours looks like before it says anything: axes that recede, text in our type. */
export function baseOption(tokens: ChartTokens): EChartsOption {
  const text = { fontFamily: 'Inter Variable, sans-serif', fontSize: 12, color: tokens.soft }
  return {
    color: [tokens.accent, tokens.p4, tokens.hold, tokens.note, tokens.p2, tokens.good, tokens.p5],
    textStyle: text,
    grid: { left: 8, right: 16, top: 16, bottom: 8, containLabel: true },
    tooltip: {
      trigger: 'axis',
      confine: true,
      backgroundColor: tokens.raised,
      borderColor: tokens.line,
      borderWidth: 1,
      padding: [6, 10],
      textStyle: { ...text, color: tokens.ink },
      axisPointer: { type: 'line', lineStyle: { color: tokens.lineStrong, type: 'solid' } },
    },
    aria: { enabled: true },
  }
}

type Axis = Record<string, unknown>

/** An axis of instants or names: a hairline, no ticks. */
export const quietAxis = (tokens: ChartTokens, more: Axis = {}): Axis => ({
  axisLine: { lineStyle: { color: tokens.lineStrong } },
  axisTick: { show: false },
  axisLabel: { color: tokens.soft, hideOverlap: true },
  splitLine: { show: false },
  ...more,
})

/** An axis of amounts: gridlines instead of a line. */
export const amountAxis = (tokens: ChartTokens, more: Axis = {}): Axis => ({
  type: 'value',
  axisLine: { show: false },
  axisTick: { show: false },
  axisLabel: { color: tokens.soft },
  splitLine: { lineStyle: { color: tokens.line } },
  splitNumber: 4,
  ...more,
})
