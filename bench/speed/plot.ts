import type { Plot } from './question.ts'

const WIDTH = 760
const HEIGHT = 420
const LEFT = 60
const TOP = 40
const BOTTOM = 60
const LEGEND = 220
const colours = [
  '#0b6e4f',
  '#1f77b4',
  '#9467bd',
  '#2ca02c',
  '#d62728',
  '#ff7f0e',
  '#8c564b',
  '#e377c2',
  '#7f7f7f',
  '#bcbd22',
  '#17becf',
  '#aa3377',
  '#556b2f',
  '#333399',
]

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

/** A plot with a logarithmic x axis and y from 0 to 1. It brings its own background, so it reads on any page. */
export function renderPlot({ title, xLabel, yLabel, series }: Plot): string {
  const xs = series.flatMap(({ points }) => points.map(([x]) => Math.log10(x)))
  const low = Math.min(...xs)
  const span = Math.max(...xs) - low || 1
  const right = WIDTH - LEGEND
  const toX = (x: number): number => LEFT + ((Math.log10(x) - low) / span) * (right - LEFT)
  const toY = (y: number): number => TOP + (1 - Math.min(1.1, y) / 1.1) * (HEIGHT - TOP - BOTTOM)
  const ticks = [...new Set(series.flatMap(({ points }) => points.map(([x]) => x)))].toSorted((a, b) => a - b)
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escape(title)}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="${LEFT}" y="22" font-size="15" fill="#111">${escape(title)}</text>`,
  ]
  for (const y of [0, 0.25, 0.5, 0.75, 1]) {
    parts.push(
      `<line x1="${LEFT}" x2="${right}" y1="${toY(y)}" y2="${toY(y)}" stroke="${y === 0.5 ? '#888' : '#ddd'}"/>`,
    )
    parts.push(`<text x="${LEFT - 8}" y="${toY(y) + 4}" text-anchor="end" fill="#333">${y}</text>`)
  }
  for (const x of ticks) {
    parts.push(`<text x="${toX(x)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle" fill="#333">${x}</text>`)
  }
  parts.push(
    `<text x="${(LEFT + right) / 2}" y="${HEIGHT - 14}" text-anchor="middle" fill="#111">${escape(xLabel)}</text>`,
  )
  parts.push(`<text x="14" y="${TOP - 8}" fill="#111">${escape(yLabel)}</text>`)
  series.forEach(({ name, points }, at) => {
    const colour = colours[at % colours.length]!
    const path = points.map(([x, y]) => `${toX(x).toFixed(1)},${toY(y).toFixed(1)}`).join(' ')
    const width = name.startsWith('eisenmp') ? 2.5 : 1.5
    const dash = name.includes('by hand') ? ' stroke-dasharray="5 4"' : ''
    parts.push(`<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="${width}"${dash}/>`)
    const y = TOP + 10 + at * 20
    parts.push(
      `<line x1="${right + 16}" x2="${right + 40}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="${width}"${dash}/>`,
    )
    parts.push(`<text x="${right + 46}" y="${y + 4}" fill="#111">${escape(name)}</text>`)
  })
  return `${parts.join('\n')}\n</svg>\n`
}
