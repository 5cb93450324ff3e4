import type { Answer, Question } from './question.ts'

/** A question with its answers, and what they belong to. */
export interface Section {
  readonly question: Pick<Question, 'name' | 'title' | 'about'>
  readonly answers: readonly Answer[]
  readonly machine: string
  readonly command: string
}

const HEAD = `# Benchmarks

Written by \`npm run bench -- --write\`, a section for each question; a section is written anew when its question is asked
again. Within a section all contenders are measured in turn, in one run. A figure is a median, in brackets the least and
the greatest; a ratio is made in each round, of what was measured side by side. Figures differ from machine to machine:
run it on yours. What is measured how is in [bench/](../bench/README.md).
`

export function renderTable({ columns, rows }: Pick<Answer, 'columns' | 'rows'>): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(columns), line(columns.map((_, at) => (at === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n')
}

export function renderAnswer(answer: Answer, folder?: string): string {
  const { title, how, plot } = answer
  const heading = title === undefined ? undefined : `### ${title}`
  const image = plot === undefined || folder === undefined ? undefined : `![${plot.title}](${folder}${plot.file})`
  return [heading, how, image, renderTable(answer)].filter((part) => part !== undefined).join('\n\n')
}

/** Between marks, so that it can be found and replaced. */
export function renderSection({ question, answers, machine, command }: Section): string {
  const { name, title, about } = question
  const parts = [
    `## ${title}`,
    about,
    `\`${command}\`: ${machine}`,
    ...answers.map((each) => renderAnswer(each, 'benchmarks/')),
  ]
  return `<!-- begin ${name} -->\n\n${parts.join('\n\n')}\n\n<!-- end ${name} -->`
}

/** The sections of a page, by the name of their question. */
export function readSections(page: string): Map<string, string> {
  const found = page.matchAll(/<!-- begin ([\w-]+) -->[^]*?<!-- end \1 -->/g)
  return new Map([...found].map(([text, name]) => [name!, text]))
}

/** The page with new sections in place of old ones of the same question; those that are not asked any more are left out. */
export function mergePage(page: string, sections: readonly Section[], order: readonly string[]): string {
  const all = readSections(page)
  for (const section of sections) all.set(section.question.name, renderSection(section))
  const texts = order.flatMap((name) => all.get(name) ?? [])
  return `${[HEAD.trimEnd(), ...texts].join('\n\n')}\n`
}
