const names = {
  ink: '--ink',
  soft: '--soft',
  faint: '--faint',
  line: '--line',
  lineStrong: '--line-strong',
  surface: '--surface',
  raised: '--raised',
  accent: '--accent',
  p1: '--p1',
  p2: '--p2',
  p3: '--p3',
  p4: '--p4',
  p5: '--p5',
  good: '--good',
  hold: '--hold',
  note: '--note',
} as const

/** Our colours as a canvas understands them, in the theme in force. */
export type ChartTokens = Record<keyof typeof names, string>

/** Reads the tokens where `element` stands: the browser resolves the theme, a canvas the colour space. */
export function readTokens(element: HTMLElement): ChartTokens {
  const probe = document.createElement('span')
  // Where motion is unwanted a transition stands on everything, and would answer the colour before.
  probe.style.transition = 'none'
  element.append(probe)
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 1
  const context = canvas.getContext('2d', { willReadFrequently: true })
  const resolve = (name: string): string => {
    probe.style.color = `var(${name})`
    const colour = getComputedStyle(probe).color
    if (!context) return colour
    context.fillStyle = colour
    context.fillRect(0, 0, 1, 1)
    const [red, green, blue] = context.getImageData(0, 0, 1, 1).data
    return `rgb(${red}, ${green}, ${blue})`
  }
  const tokens = Object.fromEntries(Object.entries(names).map(([name, token]) => [name, resolve(token)]))
  probe.remove()
  return tokens as ChartTokens
}
