import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Supervision } from '../../src/supervisor/supervision.ts'
import type {
  RestartMode,
  SeatView,
  SupervisionEvent,
  SupervisionInstruction,
  SupervisionRules,
} from '../../src/supervisor/supervision-types.ts'
import { type KnownLife, SupervisionLedger } from './supervision-ledger.ts'

/** A whole simulated run: everything that is not decided by the supervision. */
export interface WorldPlan {
  /** The group of each seat. */
  readonly groups: readonly number[]
  readonly policy: RestartMode
  readonly max: number
  /** Some workers never get ready, and some do not end by themselves. */
  readonly hangs: boolean
  /** What happens next, one number for each step; behind the last one nothing goes wrong any more. */
  readonly choices: readonly number[]
}

export const worldPlan: fc.Arbitrary<WorldPlan> = fc.record({
  groups: fc.array(fc.nat({ max: 1 }), { minLength: 1, maxLength: 4 }),
  policy: fc.constantFrom<RestartMode>('permanent', 'permanent', 'transient', 'temporary'),
  max: fc.constantFrom(0, 2, 5, 5),
  hangs: fc.boolean(),
  choices: fc.array(fc.nat({ max: 0xffff_ffff }), { maxLength: 160, size: 'max' }),
})

export interface Subject {
  handle(event: SupervisionEvent, nowMs: number, random: number): SupervisionInstruction[]
  view(): SeatView[]
}

export interface Step {
  readonly event: SupervisionEvent
  readonly nowMs: number
  readonly random: number
  readonly instructions: readonly SupervisionInstruction[]
}

type Act = () => SupervisionEvent | undefined

/** Runs a plan; throws when a rule is broken. */
export class SupervisedWorld {
  readonly trace: Step[] = []
  readonly #plan: WorldPlan
  readonly #subject: Subject
  readonly #ledger: SupervisionLedger
  /** They never get ready, or never end by themselves. */
  readonly #hanging = new Set<KnownLife>()
  /** Events that come too late. */
  readonly #stale: SupervisionEvent[] = []
  #nowMs = 0
  #reloads = 0
  #isKind = false
  /** The choice at hand, and what is left of it. */
  #choice = 0

  constructor(plan: WorldPlan, create: (rules: SupervisionRules, seats: readonly { group: string }[]) => Subject) {
    const { groups, policy, max } = plan
    const backoff = { firstMs: 100, maxMs: 15_000 }
    const restart = { policy, backoff, max, withinMs: 30_000 }
    const rules = { restart, startTimeoutMs: 30_000, killAfterMs: 15_000 }
    this.#plan = plan
    this.#ledger = new SupervisionLedger(groups, rules)
    this.#subject = create(
      rules,
      groups.map((group) => ({ group: `g${group}` })),
    )
  }

  run(): readonly Step[] {
    this.#tell({ kind: 'open' })
    for (const choice of this.#plan.choices) {
      this.#choice = choice
      this.#nowMs += this.#draw(4) === 0 ? this.#draw(40_000) : this.#draw(50)
      const event = this.#pick(this.#listActs())()
      if (event !== undefined) this.#tell(event)
    }
    this.#beKind()
    return this.trace
  }

  #draw(below: number): number {
    const drawn = this.#choice % below
    // The rest is stirred, so that one choice is enough for several draws.
    this.#choice = Math.imul((this.#choice - drawn) / below + 0x9e37, 0x85eb_ca6b) >>> 1
    return drawn
  }

  #pick<Member>(members: readonly Member[]): Member {
    return members[this.#draw(members.length)]!
  }

  #listActs(): Act[] {
    const acts = [...this.#ledger.lives.values()].flatMap((life) => this.#listActsOf(life))
    for (const [timer, dueMs] of this.#ledger.timers) acts.push(() => this.#ring(timer, dueMs))
    const seat = this.#draw(this.#plan.groups.length)
    const rare = this.#draw(8)
    acts.push(() => ({ kind: 'reload', id: this.#reloads++ }))
    if (rare === 0) acts.push(() => ({ kind: 'retire', seat }))
    if (rare === 1) acts.push(() => ({ kind: 'revive', seat }))
    if (rare === 2) acts.push(() => this.#pick(this.#stale))
    if (rare === 3 && this.#draw(12) === 0) acts.push(() => ({ kind: this.#pick(['close', 'close', 'destroy']) }))
    return acts
  }

  #listActsOf(life: KnownLife): Act[] {
    const { seat, generation, phase } = life
    const at = { seat, generation }
    const isRegular = this.#draw(2) === 0
    const error = this.#draw(2) === 0 ? new Error('broken') : undefined
    const bySignal = this.#draw(2) === 0
    const gone: Act = () => ({ kind: 'gone', ...at, reason: 'an end', isRegular, error, bySignal })
    const isHanging = this.#hanging.has(life)
    const ready: Act = () => ({ kind: 'ready', ...at })
    // A worker may have said that it is ready just before it was given up.
    if (phase === 'killed') return [gone, ready]
    if (phase === 'draining' || phase === 'failing') return isHanging ? [ready] : [gone, ready]
    const failing: Act = () => ({ kind: 'failing', ...at, reason: 'TypeError', error })
    if (phase === 'starting') return isHanging ? [gone] : [ready, ready, ready, gone, failing]
    const isBlocked = this.#draw(2) === 0
    const unhealthy: Act = () => ({ kind: 'unhealthy', ...at, reason: 'lag', isBlocked })
    return [gone, failing, unhealthy, unhealthy]
  }

  #ring(timer: string, dueMs: number): SupervisionEvent {
    this.#nowMs = Math.max(this.#nowMs, dueMs)
    return { kind: 'timer', timer }
  }

  #tell(event: SupervisionEvent): void {
    const ledger = this.#ledger
    const random = (this.#nowMs % 101) / 100
    ledger.note(event, this.#nowMs)
    const instructions = this.#subject.handle(event, this.#nowMs, random)
    this.trace.push({ event, nowMs: this.#nowMs, random, instructions })
    ledger.check(instructions)
    ledger.settle(this.#subject.view())
    for (const told of instructions) this.#feel(told)
    if ('generation' in event || event.kind === 'timer') this.#stale.push(event)
    this.#stale.splice(0, this.#stale.length - 8)
  }

  #feel(told: SupervisionInstruction): void {
    if (told.kind !== 'start' || !this.#plan.hangs || this.#isKind) return
    if (this.#draw(3) === 0) this.#hanging.add(this.#ledger.find(told.seat, told.generation)!)
  }

  /** From now on workers get ready, stay, drain and end. */
  #beKind(): void {
    this.#isKind = true
    this.#settle()
    if (!this.#ledger.isClosing) {
      this.#reloadKindly()
      this.#tell({ kind: 'close' })
      this.#settle()
    }
    assert.ok(this.#ledger.isClosed, 'the close has no end')
  }

  #reloadKindly(): void {
    assert.equal(this.#ledger.reloads.size, 0, 'a reload has no answer')
    const started = [...this.#ledger.started]
    this.#tell({ kind: 'reload', id: this.#reloads++ })
    this.#settle()
    const { instructions } = this.trace.findLast((step) => step.instructions.some(({ kind }) => kind === 'reloaded'))!
    const reloaded = instructions.find((told) => told.kind === 'reloaded')!
    assert.equal(reloaded.failed, undefined, 'a reload fails in a kind world')
    this.#subject.view().forEach(({ seat, state, generation }) => {
      if (this.#ledger.retired.has(seat)) return assert.equal(state, 'retired')
      if (this.#plan.policy !== 'permanent' && state === 'ended') return
      assert.equal(state, 'ready', 'a seat stays empty in a kind world')
      assert.ok(generation >= started[seat]!, 'an old life serves after a reload')
    })
  }

  #settle(): void {
    this.#choice = 0
    for (let steps = 0; steps < 1000; steps++) {
      const event = this.#proceed()
      if (event === undefined) return
      this.#tell(event)
    }
    assert.fail('it never comes to rest')
  }

  #proceed(): SupervisionEvent | undefined {
    for (const life of this.#ledger.lives.values()) {
      const { seat, generation, phase } = life
      const isHanging = this.#hanging.has(life)
      if (phase === 'starting' && !isHanging) return { kind: 'ready', seat, generation }
      const isLeaving = phase === 'killed' || (phase !== 'serving' && phase !== 'starting' && !isHanging)
      if (isLeaving) return { kind: 'gone', seat, generation, reason: 'exit code 0', isRegular: true }
    }
    const [next] = [...this.#ledger.timers].sort(([, a], [, b]) => a - b)
    return next === undefined ? undefined : this.#ring(...next)
  }
}

export function simulate(plan: WorldPlan): readonly Step[] {
  return new SupervisedWorld(plan, (rules, seats) => new Supervision(rules, seats)).run()
}
