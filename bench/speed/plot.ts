import { createScale } from './axis.ts'
import type { Plot } from './question.ts'

const LEFT = 64
const RIGHT = 560
const TOP = 48
const LEGEND = 350
const LINE_HEIGHT = 20
const BOTTOM = 56

/** Ours are green and blue; those of others are easy to tell from them, and from each other as far as can be. */
const ourColours = ['#0b6e4f', '#2ca02c', '#1f77b4', '#00a6a6', '#17406d']
const otherColours = ['#d62728', '#ff7f0e', '#8c564b', '#e377c2', '#7f7f7f', '#bcbd22', '#9467bd', '#aa3377', '#556b2f']

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

function shorten(tick: number): string {
  if (tick >= 1e6) return `${tick / 1e6}M`
  return tick >= 1e4 ? `${tick / 1e3}k` : String(tick)
}

/** The same package has the same colour; what is chunked by hand is dashed. */
function chooseColours(names: readonly string[]): string[] {
  const others = [...new Set(names.filter((name) => !name.startsWith('eisenmp')).map((name) => name.split(',')[0]!))]
  let ours = 0
  return names.map((name) => {
    if (name.startsWith('eisenmp')) return ourColours[ours++ % ourColours.length]!
    return otherColours[others.indexOf(name.split(',')[0]!) % otherColours.length]!
  })
}

/** Lines of several contenders. The picture brings its own background, so it reads on any page. */
export function renderPlot({ title, x, y, series }: Plot): string {
  const plotBottom = TOP + Math.max(300, series.length * LINE_HEIGHT)
  const [width, height] = [RIGHT + LEGEND, plotBottom + BOTTOM]
  const points = series.flatMap((each) => each.points)
  const xScale = createScale(
    x,
    points.map(([value]) => value),
  )
  const yScale = createScale(
    y,
    points.map(([, value]) => value),
  )
  const toX = (value: number): string => (LEFT + xScale.place(value) * (RIGHT - LEFT)).toFixed(1)
  const toY = (value: number): string => (plotBottom - yScale.place(value) * (plotBottom - TOP)).toFixed(1)
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}" font-family="system-ui, sans-serif" font-size="12">`,
    '<rect width="100%" height="100%" rx="6" fill="#ffffff"/>',
    `<text x="16" y="22" font-size="15" fill="#111">${escape(title)}</text>`,
    `<text x="16" y="${TOP - 10}" fill="#333">${escape(y.label)}</text>`,
    `<text x="${(LEFT + RIGHT) / 2}" y="${height - 14}" text-anchor="middle" fill="#333">${escape(x.label)}</text>`,
  ]
  for (const tick of yScale.ticks) {
    parts.push(`<line x1="${LEFT}" x2="${RIGHT}" y1="${toY(tick)}" y2="${toY(tick)}" stroke="#ddd"/>`)
    parts.push(
      `<text x="${LEFT - 8}" y="${Number(toY(tick)) + 4}" text-anchor="end" fill="#333">${shorten(tick)}</text>`,
    )
  }
  if (y.mark !== undefined) {
    const at = toY(y.mark)
    parts.push(`<line x1="${LEFT}" x2="${RIGHT}" y1="${at}" y2="${at}" stroke="#555" stroke-dasharray="2 3"/>`)
  }
  for (const tick of xScale.ticks) {
    parts.push(`<line x1="${toX(tick)}" x2="${toX(tick)}" y1="${TOP}" y2="${plotBottom}" stroke="#eee"/>`)
    parts.push(`<text x="${toX(tick)}" y="${plotBottom + 18}" text-anchor="middle" fill="#333">${shorten(tick)}</text>`)
  }
  const colours = chooseColours(series.map(({ name }) => name))
  series.forEach((each, at) => {
    const isOurs = each.name.startsWith('eisenmp')
    const dash = each.name.includes('by hand') ? ' stroke-dasharray="6 4"' : ''
    const stroke = `stroke="${colours[at]!}" stroke-width="${isOurs ? 2.5 : 1.5}"${dash}`
    const path = each.points.map(([px, py]) => `${toX(px)},${toY(py)}`).join(' ')
    parts.push(`<polyline points="${path}" fill="none" ${stroke}/>`)
    if (dash === '') {
      for (const [px, py] of each.points) {
        parts.push(`<circle cx="${toX(px)}" cy="${toY(py)}" r="2.5" fill="${colours[at]!}"/>`)
      }
    }
    const legendY = TOP + 6 + at * LINE_HEIGHT
    parts.push(`<line x1="${RIGHT + 16}" x2="${RIGHT + 42}" y1="${legendY}" y2="${legendY}" ${stroke}/>`)
    parts.push(`<text x="${RIGHT + 48}" y="${legendY + 4}" fill="#111">${escape(each.name)}</text>`)
  })
  return `${parts.join('\n')}\n</svg>\n`
}
