import type { ECElementEvent, EChartsOption } from 'echarts'
import type { Attachment } from 'svelte/attachments'
import { baseOption } from './base-option.ts'
import { type ChartTokens, readTokens } from './tokens.ts'

export type MakeOption = (tokens: ChartTokens) => EChartsOption

/**
 * Draws a chart in an element and keeps it true: to its data (whatever reactive state `make` reads), to the
 * theme, to its size. ECharts arrives only now; without motion where the reader wants none.
 */
export function draw(make: MakeOption, onClick?: (event: ECElementEvent) => void): Attachment<HTMLElement> {
  return (element) => {
    let theme = $state(0)
    const repaint = () => (theme += 1)
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const calm = matchMedia('(prefers-reduced-motion: reduce)')
    const themes = new MutationObserver(repaint)
    themes.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    dark.addEventListener('change', repaint)

    const loading = import('./echarts.ts')
    $effect(() => {
      void theme
      const tokens = readTokens(element)
      const option = {
        animation: !calm.matches,
        animationDuration: 150,
        ...baseOption(tokens),
        ...make(tokens),
      }
      void loading.then(({ echarts }) => {
        if (!element.isConnected) return
        const chart = echarts.getInstanceByDom(element) ?? echarts.init(element)
        chart.setOption(option, { notMerge: true })
        chart.off('click')
        if (onClick) chart.on('click', (event) => onClick(event as ECElementEvent))
      })
    })

    const sizes = new ResizeObserver(() => {
      void loading.then(({ echarts }) => echarts.getInstanceByDom(element)?.resize())
    })
    sizes.observe(element)
    return () => {
      sizes.disconnect()
      themes.disconnect()
      dark.removeEventListener('change', repaint)
      void loading.then(({ echarts }) => echarts.getInstanceByDom(element)?.dispose())
    }
  }
}
