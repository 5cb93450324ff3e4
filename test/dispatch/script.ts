import { Dispatcher } from '../../src/dispatch/dispatcher.ts'
import type {
  DispatchEvent,
  DispatchPolicy,
  GoneEvent,
  Instruction,
  JobSpec,
  Rejection,
  ResultsEvent,
  Unit,
} from '../../src/dispatch/events.ts'

export type Send = Extract<Instruction, { readonly type: 'send' }>

/** Events written short, for tests that tell one story each. Instructions of the last event are in `last`. */
export class Script {
  readonly dispatcher: Dispatcher
  last: readonly Instruction[] = []
  #deaths = 0

  constructor(retries: Partial<DispatchPolicy['retries']> = {}, policy: Partial<DispatchPolicy> = {}) {
    this.dispatcher = new Dispatcher({ retries: { crash: 2, error: 0, timeout: 0, ...retries }, ...policy })
  }

  post(event: DispatchEvent): readonly Instruction[] {
    this.last = this.dispatcher.step(event)
    return this.last
  }

  ready(...workers: readonly string[]): void {
    for (const worker of workers) this.post({ type: 'ready', worker })
  }

  open(job: number, spec: Partial<JobSpec> = {}): void {
    this.post({ type: 'opened', job, spec: { window: 100, ordered: true, pulls: false, splits: false, ...spec } })
  }

  add(job: number, serial: number, count: number, expectedMs?: number): readonly Instruction[] {
    return this.post({ type: 'added', job, serial, count, expectedMs })
  }

  /** The worker answers all of a unit, unless told otherwise. */
  answer({ worker, unit }: Send, change: Partial<ResultsEvent> = {}): readonly Instruction[] {
    const { id, attempt, count } = unit
    const all = { unit: id, attempt, count, last: true, failures: [], heapMb: 1 }
    return this.post({ type: 'results', worker, ...all, ...change })
  }

  die(
    worker: string,
    mark: { readonly unit: number; readonly offset: number } | undefined,
    broken = false,
  ): readonly Instruction[] {
    const reason = `death ${++this.#deaths}`
    const death: GoneEvent['death'] = { worker, code: 1, signal: null, reason, stderr: '' }
    return this.post({ type: 'gone', worker, mark: mark && { ...mark, startedAtMs: 1 }, broken, death })
  }

  /** Of the last event. */
  get sends(): readonly Send[] {
    return this.last.filter((instruction) => instruction.type === 'send')
  }

  /** The only one of the last event. */
  get sent(): Send {
    const [send, other] = this.sends
    if (send === undefined || other !== undefined) throw new Error(`${this.sends.length} units were sent, not one`)
    return send
  }

  /** What was sent, short: worker, job, and places in the chunk. */
  get assigned(): readonly string[] {
    return this.sends.map(({ worker, unit }) => `${worker}: ${describe(unit)}`)
  }

  get rejections(): readonly Rejection[] {
    return this.last.filter((instruction) => instruction.type === 'reject')
  }

  get types(): readonly string[] {
    return this.last.map(({ type }) => type)
  }
}

/** Job, serial number, and the places of its items, the last one included. */
export function describe({ job, serial, from, count }: Unit): string {
  return `${job}.${serial}[${from}-${from + count - 1}]`
}

/** Two short units in the hands of one worker. */
export function holdTwo(retries: Partial<DispatchPolicy['retries']> = {}): {
  script: Script
  first: Send
  second: Send
} {
  const script = new Script(retries)
  script.open(1)
  script.ready('a')
  script.add(1, 0, 4, 1)
  const first = script.sent
  script.add(1, 1, 4, 1)
  return { script, first, second: script.sent }
}
