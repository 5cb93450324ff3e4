import type { WorkerExit } from '../backend.ts'
import { readClock } from '../internal/clock.ts'
import { decodeError } from '../protocol/wire-error.ts'
import { HealthJudge } from '../supervisor/health.ts'
import { pinWorker } from '../supervisor/pinning.ts'
import { setWorkerPriority } from '../supervisor/priority.ts'
import type { Life, SupervisionEvent } from '../supervisor/supervision-types.ts'
import type { CrewPlan } from './crew-plan.ts'
import { explainExit, explainStart } from './explain-start.ts'
import { Handover } from './handover.ts'
import { LifeRecord } from './life.ts'
import type { FromService } from './service-messages.ts'

/** What a process brings upon itself: abort(), a full heap, a broken addon. */
const OWN_SIGNALS: ReadonlySet<string> = new Set([
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
  'SIGSEGV',
  'SIGSYS',
  'SIGTRAP',
])

/** The workers of a crew that live now: starts and ends them as told, and tells what happens to them. */
export class CrewLives {
  readonly #plan: CrewPlan
  readonly #tell: (event: SupervisionEvent) => void
  readonly #judge: HealthJudge
  readonly #handover: Handover
  readonly #lives = new Map<string, LifeRecord>()

  constructor(plan: CrewPlan, tell: (event: SupervisionEvent) => void) {
    this.#plan = plan
    this.#tell = tell
    this.#judge = new HealthJudge(plan.health, plan.hosts.name)
    this.#handover = new Handover((seat, generation) => this.find({ seat, generation }))
  }

  find({ seat, generation }: Life): LifeRecord | undefined {
    return this.#lives.get(`${seat}.${generation}`)
  }

  list(): LifeRecord[] {
    return [...this.#lives.values()]
  }

  start({ seat, generation }: Life, replaces: number | undefined): void {
    const life = new LifeRecord(seat, generation, readClock(), this.#plan.seats[seat]!.name)
    this.#lives.set(life.key, life)
    if (replaces !== undefined) this.#handover.expect(life, replaces)
    const spec = this.#plan.makeSpec(seat, generation, replaces !== undefined)
    life.host = this.#plan.hosts.start(spec, this.#plan.getResources(seat), {
      message: (message) => this.#take(life, message),
      output: (stream, bytes) => {
        if (stream === 'stderr') life.stderr.push(bytes)
        this.#plan.events.output(life, stream, bytes)
      },
      gone: (exit) => this.#bury(life, exit),
    })
    // A process takes its cores at once, so that what it reads of them while loading is right.
    if (life.host.identity.threadId === undefined) void this.#place(life)
  }

  async #place(life: LifeRecord): Promise<void> {
    const { cores, nice } = this.#plan.seats[life.seat]!
    const { pid, threadId } = life.host.identity
    if (pid === 0) return
    const backend = threadId === undefined ? 'processes' : 'threads'
    const place = { backend, pid, systemThreadId: life.systemThreadId } as const
    if (nice !== undefined) life.priority = setWorkerPriority(place, nice)
    if (cores !== undefined && life.pinning === undefined) life.pinning = await pinWorker(place, cores)
  }

  drain(which: Life, reason: string): void {
    const life = this.find(which)
    if (life === undefined || life.isDraining) return
    this.#leave(life, reason)
    life.host.send({ kind: 'drain' })
  }

  kill(which: Life, reason: string): void {
    const life = this.find(which)
    if (life === undefined) return
    life.killedFor ??= reason
    this.#leave(life, reason)
    life.host.end()
  }

  #leave(life: LifeRecord, reason: string): void {
    if (!life.isDraining) this.#plan.events.leaving(life, reason)
    life.isDraining = true
  }

  #take(life: LifeRecord, message: FromService): void {
    switch (message.kind) {
      case 'loaded':
        return this.#handover.give(life)
      case 'released':
        return this.#handover.pass(life, message.listeners)
      case 'ready':
        life.ports = message.ports
        life.systemThreadId = message.systemThreadId
        void this.#place(life).then(() => this.#tellReady(life))
        return
      case 'failed':
        life.error = { value: decodeError(message.error, life.key) }
        return
      case 'failing':
        life.error = { value: decodeError(message.error, life.key) }
        this.#leave(life, 'uncaught error')
        return this.#tell({ kind: 'failing', ...toLife(life), reason: 'uncaught error', error: life.error.value })
      case 'unneeded':
        return this.#tell({ kind: 'retire', seat: life.seat })
      case 'beat':
        life.beat = message.beat
        life.beatAtMs = readClock()
        return this.#check(life)
      case 'drained':
        life.cutRequests = message.cutRequests
        return
      case 'print':
        return this.#plan.events.print(life, message)
      case 'custom':
        return this.#plan.events.custom(life, message.body)
    }
  }

  #tellReady(life: LifeRecord): void {
    // It may have ended while it was being pinned.
    if (!this.#lives.has(life.key)) return
    life.isReady = true
    life.beatAtMs = readClock()
    this.#plan.events.ready(life)
    this.#tell({ kind: 'ready', ...toLife(life) })
  }

  #bury(life: LifeRecord, given: WorkerExit): void {
    const exit = explainExit(life, given)
    this.#lives.delete(life.key)
    this.#judge.forget(life.key)
    this.#handover.forget(life)
    const isRegular = exit.code === 0 && life.error === undefined && life.killedFor === undefined
    const error = explainStart(life, exit, life.error?.value ?? exit.error)
    this.#plan.events.gone(life, exit)
    life.settle(exit)
    const bySignal = exit.signal !== null && !OWN_SIGNALS.has(exit.signal)
    this.#tell({ kind: 'gone', ...toLife(life), reason: exit.reason, isRegular, error, bySignal })
  }

  checkHealth(): void {
    for (const life of this.list()) this.#check(life)
  }

  #check(life: LifeRecord): void {
    // Programs send no beats.
    if (!life.isReady || life.isDraining || this.#plan.hosts.name === 'command') return
    const verdict = this.#judge.judge(life.key, life.beat, life.beatAtMs, readClock())
    if (verdict !== undefined) this.#tell({ kind: 'unhealthy', ...toLife(life), ...verdict })
  }
}

function toLife({ seat, generation }: LifeRecord): Life {
  return { seat, generation }
}
