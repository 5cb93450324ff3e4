import { styleText } from 'node:util'
import type { Example } from './gallery.ts'
import type { MenuEntry } from './menu-lines.ts'

const WIDEST = 100

export const help = `Usage: eisenmp <command> [options]

Commands:
  examples          choose an example from a menu, and run it; a plain list when piped
  examples <name>   run an example
  serve <module>    servers on every core
  reload <name>     replace the workers of running servers, without losing a request
  ps [name]         running servers, or the workers of one

Options:
  -h, --help        this text; of an example, with its name: eisenmp examples primes --help
  -V, --version     the version
      --no-color    no colours; so does NO_COLOR=1

eisenmp runs the functions of your modules on every core: see README.md of the package.`

export const serveHelp = `Usage: eisenmp serve <module> [options]
       eisenmp serve [options] -- <program> [arguments]

Serves a module that exports a handler, export default { fetch(request) { … } }, or
createServer(toolbox); or any program that takes its sockets as systemd gives them. It runs until
a signal: SIGTERM and Ctrl-C drain, a second one ends at once, SIGHUP reloads.

Where it listens:
      --port <n>                 the port that all workers share (3000); 0: the system chooses one
      --address <ip>             the address to listen at (127.0.0.1)
      --adapter <name>           a network adapter instead, as eth0
      --group <group>            workers with addresses, ports and cores of their own; may be given
                                 several times: name[*workers]=[address or adapter:]ports[@cores]
                                   red=127.0.0.1:11000-11003@0,1  four workers, a port each
                                   blue*2=[::1]:15000             two workers share a port
      --servers-per-worker <n>   servers in each worker, each with a port of its own (1)
      --on-port-busy <what>      fail, or next: take the next free port (fail)

Workers:
      --workers <n>              how many (one for each core)
      --backend <kind>           processes or threads (processes)
      --cores <list>             cores they run on, as 0-3,6, or each: one for each worker
      --config <json>            what the module gets as toolbox.config
      --watch                    reload when files in the folder of the module change
      --health-path <path>       must answer below 500, or the worker is replaced
      --max-heap-mb <n>  --max-rss-mb <n>  --max-loop-lag-ms <n>
                                 beyond, a worker is replaced
      --max-connections <n>  --max-body-bytes <n>
                                 of each server

Output:
      --name <name>              for eisenmp ps and reload (the module's)
      --raw                      let control characters of workers through
      --quiet                    only what workers print, and failures
      --no-color                 no colours; so does NO_COLOR=1
  -h, --help                     this text`

export const reloadHelp = `Usage: eisenmp reload <name> [options]

Has running servers load their module anew: each worker is replaced by one that is ready, and
drains. If the new one does not start, the old ones go on, and the command ends with 1.

Options:
      --json      the report as JSON
      --quiet     say nothing
  -h, --help      this text

The names: eisenmp ps`

export const psHelp = `Usage: eisenmp ps [name] [options]

Servers of this user that eisenmp serve has started; with a name, their workers.

Options:
      --json      all of it as JSON
      --quiet     names only
  -h, --help      this text`

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
