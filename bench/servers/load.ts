import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { LoadPlan, LoadReport } from '../../test/support/http-load.ts'

export type ToLoad = { readonly kind: 'start'; readonly plans: readonly LoadPlan[] } | { readonly kind: 'stop' }

export type FromLoad =
  /** A worker has answered for the first time; `at` on the clock of `Date.now()`. */
  | { readonly kind: 'seen'; readonly worker: string; readonly at: number }
  | { readonly kind: 'reports'; readonly reports: readonly LoadReport[] }

const path = fileURLToPath(new URL('load-program.ts', import.meta.url))

/** A running load in its own process. */
export class Load {
  /** Workers by the time of their first answer, ms on the clock of `Date.now()`. */
  readonly seen = new Map<string, number>()
  readonly #child: ChildProcess
  readonly #reports = Promise.withResolvers<readonly LoadReport[]>()

  constructor(plans: readonly LoadPlan[]) {
    this.#child = fork(path, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.#child.on('message', (message: FromLoad) => {
      if (message.kind === 'seen') this.seen.set(message.worker, message.at)
      else this.#reports.resolve(message.reports)
    })
    this.#reports.promise.catch(() => {})
    this.#child.on('exit', (code, signal) => {
      this.#reports.reject(new Error(`The load generator has ended: ${code ?? signal}`))
    })
    this.#child.send({ kind: 'start', plans } satisfies ToLoad)
  }

  /** One report for each plan. */
  async stop(): Promise<readonly LoadReport[]> {
    this.#child.send({ kind: 'stop' } satisfies ToLoad)
    return this.#reports.promise
  }
}
