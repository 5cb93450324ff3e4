import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Machine } from './machine.ts'
import { type Section, mergePage } from './page.ts'
import { renderPlot } from './plot.ts'

const docs = new URL('../../docs/', import.meta.url)

/** Writes the sections of these questions and their plots to docs/benchmarks.md, and leaves the others alone. */
export function writePage(sections: readonly Section[], order: readonly string[]): void {
  const folder = new URL('benchmarks/', docs)
  mkdirSync(folder, { recursive: true })
  for (const { question, answers } of sections) {
    for (const old of globSync(`${question.name}-*.svg`, { cwd: fileURLToPath(folder) })) rmSync(new URL(old, folder))
    for (const { plot } of answers) {
      if (plot !== undefined) writeFileSync(new URL(plot.file, folder), renderPlot(plot))
    }
  }
  const path = new URL('benchmarks.md', docs)
  const page = existsSync(path) ? readFileSync(path, 'utf8') : ''
  writeFileSync(path, mergePage(page, sections, order))
}

/** Writes every single measurement. */
export function writeSamples(path: string, sections: readonly Section[], machine: Machine): void {
  const questions = sections.map(({ question, answers, command }) => ({ question: question.name, command, answers }))
  writeFileSync(path, `${JSON.stringify({ machine, questions }, undefined, 2)}\n`)
}
