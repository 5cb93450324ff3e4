import { styleText } from 'node:util'
import type { Example } from './gallery.ts'
import type { MenuEntry } from './menu-lines.ts'

const WIDEST = 100

export const help = `Usage: eisenmp <command> [options]

Commands:
  examples          choose an example from a menu, and run it; a plain list when piped
  examples <name>   run an example

Options:
  -h, --help        this text; of an example, with its name: eisenmp examples primes --help
  -V, --version     the version
      --no-color    no colours; so does NO_COLOR=1

eisenmp runs the functions of your modules on every core: see README.md of the package.`

export const examplesHelp = `Usage: eisenmp examples [name] [options]

Without a name: a menu on a terminal, a plain list when piped.

Options:
      --workers <n>        how many workers
      --quick              small data
      --letters <letters>  letters of a puzzle; may be given several times
      --json               the list as JSON
      --quiet              names only
      --no-input           no menu
      --no-color           no colours; so does NO_COLOR=1
  -h, --help               this text; of an example, with its name

Which options an example has: eisenmp examples <name> --help`

/** The list of examples: number, name, and what it shows, cut to the width of a terminal. */
export function formatList(entries: readonly MenuEntry[], columns: number | undefined): string {
  const width = Math.max(...entries.map(({ name }) => name.length))
  const digits = String(entries.length).length
  const lines = entries.map(({ name, text }, i) => {
    const line = `${String(i + 1).padStart(digits)}  ${name.padEnd(width)}  ${text}`
    return columns === undefined || line.length < columns ? line : `${line.slice(0, Math.max(1, columns - 2))}…`
  })
  return lines.join('\n')
}

/** The help of one example. */
export function formatExampleHelp({ name, shows, options, needs }: Example, path: string): string {
  const texts: Readonly<Record<string, string>> = {
    workers: '  --workers <n>        how many workers',
    quick: '  --quick              small data',
    letters: '  --letters <letters>  letters of a puzzle; may be given several times',
  }
  const lines = [`Usage: eisenmp examples ${name} [options]`, '', capitalize(shows), '']
  if (needs) lines.push(`Needs: npm install ${needs.join(' ')}`, '')
  if (options.length > 0) lines.push('Options:', ...options.map((option) => texts[option] ?? `  --${option}`), '')
  return [...lines, `Source: ${path}`].join('\n')
}

/** Printed before an example runs: how to start it again, and where to read it. */
export function formatStart(name: string, passedOn: readonly string[], path: string): string {
  const command = ['eisenmp examples', name, ...passedOn].join(' ')
  return styleText('dim', `$ ${command}\n  ${shorten(path)}`, { stream: process.stderr })
}

function shorten(path: string): string {
  const here = `${process.cwd()}/`
  return path.startsWith(here) ? path.slice(here.length) : path
}

function capitalize(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1)
  return whole.length > WIDEST ? whole : `${whole}.`
}
