import { styleText } from 'node:util'
import { formatAddresses } from './address-table.ts'
import { cleanText } from './clean-text.ts'
import type { ProgramState } from './control-messages.ts'
import { explainError } from './explain-error.ts'

/** What `serve` says on stderr of itself; what workers print is not its. */
export class ServeStatus {
  readonly #isQuiet: boolean
  readonly #file: string | undefined

  /** `file`: the module that is served. */
  constructor(isQuiet: boolean, file: string | undefined) {
    this.#isQuiet = isQuiet
    this.#file = file
  }

  /** Who listens where, once all do. */
  showStart({ name, pid, backend, workers, addresses }: ProgramState, hasSocket: boolean): void {
    if (this.#isQuiet) return
    const count = `${workers.length} ${workers.length === 1 ? 'worker' : 'workers'}`
    const kind = backend === 'command' ? '' : `, ${backend}`
    const { isTTY, columns } = process.stderr
    console.error(`${styleText('bold', name, { stream: process.stderr })}: ${count}${kind}, pid ${pid}`)
    console.error(formatAddresses(addresses, isTTY ? columns : undefined))
    const reload = hasSocket ? `; eisenmp reload ${name} replaces the workers` : ''
    this.#dim(`Ctrl-C drains, twice ends at once${reload}`)
  }

  tell(text: string): void {
    if (!this.#isQuiet) this.#dim(cleanText(text))
  }

  /** Said also when all else is to be quiet. */
  warn(text: string): void {
    console.error(styleText('yellow', cleanText(text), { stream: process.stderr }))
  }

  /** An error with its cause, which is the user's. */
  showError(what: string, error: unknown): void {
    this.warn(`${what}: ${explainError(error, this.#file)}`)
  }

  #dim(text: string): void {
    console.error(styleText('dim', text, { stream: process.stderr }))
  }
}
