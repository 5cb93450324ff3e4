import assert from 'node:assert/strict'
import type { Backend, WorkerEvents, WorkerExit, WorkerHandle, WorkerSpec } from '../../src/backend.ts'
import type { FromWorker, Program, ResultsMessage, UnitMessage } from '../../src/protocol/messages.ts'
import { waitUntil } from './wait-until.ts'

export function toFixture(name: string): string {
  return new URL(`../fixtures/${name}`, import.meta.url).href
}

/** A worker of a backend, with all it has said. */
export class LiveWorker implements WorkerEvents {
  readonly messages: FromWorker[] = []
  readonly exits: WorkerExit[] = []
  readonly violations: string[] = []
  text = ''
  /** Events after `gone`: there must be none. */
  late = 0
  readonly handle: WorkerHandle

  constructor(backend: Backend, fixtures: readonly string[], spec: Partial<WorkerSpec> = {}) {
    const modules = fixtures.map((name) => ({ url: toFixture(name), export: 'default' }))
    this.handle = backend.start(
      { id: '0.1', index: 0, name: 'tested-0', modules, config: undefined, queues: [], ...spec },
      this,
    )
    // Only a pool knows when it may be let go.
    this.handle.hold(true)
  }

  #note(): void {
    if (this.exits.length > 0) this.late += 1
  }

  message(message: FromWorker): void {
    this.#note()
    this.messages.push(message)
  }

  violated(reason: string): void {
    this.#note()
    this.violations.push(reason)
  }

  output(_stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
    this.#note()
    this.text += new TextDecoder().decode(bytes)
  }

  gone(exit: WorkerExit): void {
    this.#note()
    this.exits.push(exit)
  }

  get answers(): ResultsMessage[] {
    return this.messages.filter((message) => message.kind === 'results')
  }

  async untilReady(): Promise<readonly string[]> {
    await waitUntil(() => this.messages.length > 0 || this.exits.length > 0, 'ready')
    const [first] = this.messages
    assert.equal(first?.kind, 'ready', JSON.stringify([first, this.exits]))
    return first.tasks
  }

  async untilGone(): Promise<WorkerExit> {
    await waitUntil(() => this.exits.length > 0, 'gone')
    return this.exits[0]!
  }

  /** All answers to a unit, once the last one is in. */
  async untilAnswered(unit: number): Promise<ResultsMessage[]> {
    const own = (): ResultsMessage[] => this.answers.filter((answer) => answer.unit === unit)
    await waitUntil(() => own().some(({ last }) => last) || this.exits.length > 0, `the answer to unit ${unit}`)
    return own()
  }

  send(unit: number, program: Partial<Program>, items: readonly unknown[], change: Partial<UnitMessage> = {}): void {
    const whole: Program = { stages: [], sink: { kind: 'values' }, ...program }
    const flags = { marks: false, timed: false, flush: false }
    this.handle.send({ kind: 'unit', unit, attempt: 1, program: whole, items, ...flags, ...change })
  }

  /** Sends a unit and gives the one answer to it. */
  async run(unit: number, program: Partial<Program>, items: readonly unknown[]): Promise<ResultsMessage> {
    this.send(unit, program, items)
    const answers = await this.untilAnswered(unit)
    assert.equal(answers.length, 1)
    return answers[0]!
  }
}
