import { askReload, askState, listPrograms } from './control-client.ts'
import { openControlFolder } from './control-folder.ts'
import type { CommandLine } from './command-line.ts'
import { formatPrograms, formatWorkers } from './program-table.ts'
import { MissingError, UsageError } from './usage.ts'

function openFolder(): string {
  if (process.platform !== 'win32') return openControlFolder()
  throw new MissingError('Cannot reach running servers: Windows has no sockets that are the user’s alone')
}

/** `eisenmp ps`: which servers run; with a name its workers. */
export async function runPs({ operand, json, quiet }: CommandLine): Promise<void> {
  const folder = openFolder()
  const columns = process.stdout.isTTY ? process.stdout.columns : undefined
  if (operand !== undefined) {
    const state = await askState(folder, operand)
    if (json) return console.log(JSON.stringify(state, undefined, 2))
    return console.log(quiet ? state.workers.map(({ name }) => name).join('\n') : formatWorkers(state, columns))
  }
  const programs = await listPrograms(folder)
  if (json) return console.log(JSON.stringify(programs, undefined, 2))
  if (programs.length === 0) return console.error('No servers run: eisenmp serve <module> starts some')
  console.log(quiet ? programs.map(({ name }) => name).join('\n') : formatPrograms(programs, columns))
}

/** `eisenmp reload <name>` */
export async function runReload({ operand, json, quiet }: CommandLine): Promise<void> {
  if (operand === undefined) throw new UsageError('Cannot reload without a name: eisenmp reload <name>, see eisenmp ps')
  const { replaced, ms, cutRequests } = await askReload(openFolder(), operand)
  if (json) return console.log(JSON.stringify({ replaced, ms, cutRequests }))
  if (quiet) return
  const cut = cutRequests === 0 ? 'no request was cut' : `${cutRequests} requests were cut`
  console.log(`${operand}: ${replaced} workers replaced in ${(ms / 1000).toFixed(1)} s, ${cut}`)
}
