import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { PEERS, readVersion } from '../robustness/peers.ts'
import { renderPlot } from './plot.ts'
import type { Answer } from './question.ts'

/** What the figures belong to. */
export function describeMachine(hasPeers: boolean): string {
  const packages = hasPeers ? [...new Set(PEERS.map((peer) => peer.package))] : ['eisenmp']
  const versions = packages.map((name) => `${name} ${readVersion(name)}`).join(', ')
  const day = new Date().toISOString().slice(0, 10)
  const cpu = cpus()[0]?.model.trim() ?? 'unknown'
  const load = loadavg()[0]!.toFixed(1)
  return `${day}, Node ${process.versions.node}, ${process.platform}, ${availableParallelism()} cores (${cpu}), load ${load} before. ${versions}.`
}

export function renderAnswer({ title, how, columns, rows, plot }: Answer, folder?: string): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const table = [line(columns), line(columns.map((_, at) => (at === 0 ? '---' : '--:'))), ...rows.map(line)]
  const image = plot === undefined || folder === undefined ? [] : [`![${plot.title}](${folder}${plot.file})`, '']
  return [`## ${title}`, '', how, '', ...image, ...table, ''].join('\n')
}

/** Writes docs/benchmarks.md and its plots. */
export function writePage(answers: readonly Answer[], machine: string, command: string): void {
  const docs = new URL('../../docs/', import.meta.url)
  mkdirSync(new URL('benchmarks/', docs), { recursive: true })
  for (const { plot } of answers) {
    if (plot !== undefined) writeFileSync(new URL(`benchmarks/${plot.file}`, docs), renderPlot(plot))
  }
  const head = [
    '# Benchmarks',
    '',
    `Written by \`${command}\`; it measures all contenders in turn, in one run, and compares with a plain loop measured beside them. Figures differ from machine to machine: run it on yours.`,
    '',
    machine,
    '',
  ]
  const body = answers.map((answer) => renderAnswer(answer, 'benchmarks/'))
  writeFileSync(new URL('benchmarks.md', docs), [...head, ...body].join('\n'))
}
