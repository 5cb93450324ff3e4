import assert from 'node:assert/strict'
import type {
  SeatView,
  SupervisionEvent,
  SupervisionInstruction,
  SupervisionRules,
} from '../../src/supervisor/supervision-types.ts'

/** One started life, as the outside knows it. */
export interface KnownLife {
  readonly seat: number
  readonly generation: number
  phase: 'starting' | 'serving' | 'draining' | 'failing' | 'killed'
  isBlocked: boolean
  /** It has failed before it was ready; nothing is done about it before it is gone. */
  isDoomed: boolean
}

type Told<Kind extends SupervisionInstruction['kind']> = Extract<SupervisionInstruction, { readonly kind: Kind }>

const isStaying = ({ phase }: KnownLife): boolean => phase === 'starting' || phase === 'serving'

/** What must be true of every instruction, and after every event. Knows only what was said to the supervision and by it. */
export class SupervisionLedger {
  readonly lives = new Map<string, KnownLife>()
  /** When each is due. */
  readonly timers = new Map<string, number>()
  /** Requests of reloads that have no answer yet: of each seat, how many lives had started. */
  readonly reloads = new Map<number, number[]>()
  /** Lives that have started, of each seat. */
  readonly started: number[]
  readonly retired = new Set<number>()
  isClosing = false
  isClosed = false
  wasUp = false
  #isRenewed = false
  readonly #rules: SupervisionRules
  readonly #groups: readonly number[]
  /** No word yet that they are empty. */
  readonly #retiring = new Set<number>()
  /** Reloads and seats that have had their successor. */
  readonly #tries = new Set<string>()
  readonly #gaveUp = new Set<number>()
  readonly #starts: number[][]
  /** The newest generation of each seat that has ever got ready. */
  readonly #proven: number[]
  #nowMs = 0
  #event: SupervisionEvent = { kind: 'open' }

  constructor(groups: readonly number[], rules: SupervisionRules) {
    this.#groups = groups
    this.#rules = rules
    this.started = groups.map(() => 0)
    this.#starts = groups.map(() => [])
    this.#proven = groups.map(() => -1)
  }

  find(seat: number, generation: number): KnownLife | undefined {
    return this.lives.get(`${seat}.${generation}`)
  }

  of(seat: number): KnownLife[] {
    return [...this.lives.values()].filter((life) => life.seat === seat)
  }

  #staying(seat: number, phase: 'starting' | 'serving'): KnownLife | undefined {
    return this.of(seat).find((life) => life.phase === phase)
  }

  #coming(seat: number): KnownLife | undefined {
    return this.of(seat).find((life) => life.phase === 'starting' || life.isDoomed)
  }

  /** Before the event is told. */
  note(event: SupervisionEvent, nowMs: number): void {
    this.#event = event
    this.#nowMs = nowMs
    if (event.kind === 'close' || event.kind === 'destroy') this.#close()
    else if (event.kind === 'timer') this.timers.delete(event.timer)
    else if (event.kind === 'reload') this.#owe(event.id)
    else if (event.kind === 'retire' && !this.isClosing) this.#retire(event.seat)
    else if (event.kind === 'revive') this.#revive(event.seat)
    else if ('generation' in event) this.#noteLife(event)
    if (event.kind === 'reload' || event.kind === 'revive') this.#isRenewed = true
  }

  #close(): void {
    this.isClosing = true
    for (const life of this.lives.values()) life.isDoomed = false
  }

  #owe(id: number): void {
    this.reloads.set(
      id,
      this.started.map((count, seat) => (this.retired.has(seat) ? -1 : count)),
    )
  }

  #retire(seat: number): void {
    this.#retiring.add(seat)
    for (const life of this.of(seat)) life.isDoomed = false
    this.retired.add(seat)
    // Whether it is revived before or after its turn, nothing is owed to it.
    for (const fresh of this.reloads.values()) fresh[seat] = -1
    this.#gaveUp.delete(seat)
  }

  #revive(seat: number): void {
    if (this.isClosing) return
    this.retired.delete(seat)
    this.#retiring.delete(seat)
  }

  #noteLife(event: Extract<SupervisionEvent, { readonly generation: number }>): void {
    const life = this.find(event.seat, event.generation)
    if (life === undefined) return
    if (event.kind === 'gone') this.lives.delete(`${life.seat}.${life.generation}`)
    else if (event.kind === 'ready' && life.phase === 'starting') {
      life.phase = 'serving'
      this.#proven[life.seat] = life.generation
    } else if (event.kind === 'failing' && isStaying(life)) {
      life.isDoomed = life.phase === 'starting'
      life.phase = 'failing'
    } else if (event.kind === 'unhealthy') life.isBlocked = event.isBlocked
  }

  check(instructions: readonly SupervisionInstruction[]): void {
    for (const instruction of instructions) {
      assert.ok(!this.isClosed || instruction.kind === 'reloaded', `${instruction.kind} after closed`)
      this.#checkOne(instruction)
    }
  }

  #checkOne(told: SupervisionInstruction): void {
    switch (told.kind) {
      case 'start':
        return this.#checkStart(told)
      case 'drain':
      case 'kill':
        return this.#checkEnd(told)
      case 'set-timer':
        assert.ok(!this.timers.has(told.timer), 'a timer is set twice')
        assert.ok(told.afterMs > 0, 'a timer of no time')
        this.timers.set(told.timer, this.#nowMs + told.afterMs)
        if (told.timer.startsWith('backoff:')) this.#checkStorm(Number(told.timer.split(':')[1]))
        return
      case 'clear-timer':
        assert.ok(this.timers.delete(told.timer), 'a timer is cleared that does not run')
        return
      default:
        return this.#checkNews(told)
    }
  }

  #checkStart({ seat, generation, replaces }: Told<'start'>): void {
    assert.ok(!this.isClosing, 'a start after the close')
    assert.ok(!this.retired.has(seat), 'a start in a retired seat')
    assert.equal(generation, this.started[seat], 'generations follow one another')
    assert.equal(this.#coming(seat), undefined, 'two lives of a seat start at once')
    assert.equal(replaces, this.#staying(seat, 'serving')?.generation, 'replaces is who serves')
    this.started[seat]! += 1
    this.lives.set(`${seat}.${generation}`, { seat, generation, phase: 'starting', isBlocked: false, isDoomed: false })
    this.#gaveUp.delete(seat)
    if (replaces !== undefined && this.#event.kind !== 'unhealthy') this.#checkTry(seat)
    const isDecidedBefore = this.#event.kind === 'timer' && this.#event.timer.startsWith('backoff:')
    if (replaces === undefined && generation > 0 && !isDecidedBefore) this.#checkStorm(seat)
  }

  /** A reload ends with the first successor that fails. */
  #checkTry(seat: number): void {
    const [oldest] = this.reloads.keys()
    assert.ok(oldest !== undefined, 'a replacement that nobody has asked for')
    const attempt = `${oldest}:${seat}`
    assert.ok(!this.#tries.has(attempt), 'a reload tries a seat twice')
    this.#tries.add(attempt)
  }

  /** When it was decided counts: timers may be late. */
  #checkStorm(seat: number): void {
    const { max, withinMs } = this.#rules.restart
    const starts = this.#starts[seat]!
    starts.push(this.#nowMs)
    const recent = starts.filter((at) => this.#nowMs - at < withinMs)
    assert.ok(this.#isRenewed || recent.length <= max, 'more restarts than the limit allows')
  }

  #checkEnd({ kind, seat, generation }: Told<'drain' | 'kill'>): void {
    const life = this.find(seat, generation)
    assert.ok(life !== undefined, `${kind} of nobody`)
    assert.notEqual(life.phase, 'killed', `${kind} of one that is killed`)
    if (kind === 'drain') assert.equal(life.phase, 'serving', 'a drain of one that does not serve')
    if (life.phase === 'serving') this.#checkLoss(life, kind)
    if (this.#event.kind === 'timer' && life.phase === 'starting') life.isDoomed = true
    life.phase = kind === 'drain' ? 'draining' : 'killed'
  }

  /** Who serves is only taken away for a reason. */
  #checkLoss({ seat, generation, isBlocked }: KnownLife, kind: 'drain' | 'kill'): void {
    const isAsked = this.isClosing || this.retired.has(seat)
    const hasSuccessor = this.of(seat).some((life) => life.phase === 'serving' && life.generation > generation)
    assert.ok(isAsked || hasSuccessor || isBlocked, 'a serving life is taken away and nobody takes its place')
    const isDestroyed = this.#event.kind === 'destroy'
    assert.equal(kind, isBlocked || isDestroyed ? 'kill' : 'drain', 'drained when it can drain')
  }

  #checkNews(told: Told<'up' | 'gave-up' | 'reloaded' | 'retired' | 'closed'>): void {
    switch (told.kind) {
      case 'up':
        assert.ok(!this.wasUp && !this.isClosing, 'up twice or too late')
        this.wasUp = true
        return this.#groups.forEach((_, seat) => this.#checkUp(seat))
      case 'gave-up':
        assert.ok(!this.of(told.seat).some(isStaying), 'gave up with somebody there')
        this.#gaveUp.add(told.seat)
        return
      case 'retired':
        assert.equal(this.of(told.seat).length, 0, 'retired with somebody there')
        assert.ok(this.#retiring.delete(told.seat), 'retired twice, or never asked for')
        return
      case 'closed':
        this.isClosed = true
        assert.equal(this.lives.size + this.timers.size + this.reloads.size, 0, 'closed with something left')
        return
      default:
        return this.#checkReloaded(told)
    }
  }

  #checkUp(seat: number): void {
    if (this.retired.has(seat) || this.#rules.restart.policy !== 'permanent') return
    assert.ok(this.#staying(seat, 'serving') !== undefined, 'up, and a seat has no ready worker')
  }

  #checkReloaded({ id, failed, replaced }: Told<'reloaded'>): void {
    const fresh = this.reloads.get(id)
    assert.ok(fresh !== undefined, 'a reload has two answers, or was never asked for')
    this.reloads.delete(id)
    assert.ok(replaced <= this.#groups.length)
    if (failed === undefined) fresh.forEach((generation, seat) => this.#checkFresh(seat, generation))
  }

  /** A life that is as new as that got ready, and no older one serves; unless none is wanted. */
  #checkFresh(seat: number, generation: number): void {
    if (this.retired.has(seat)) return
    const serving = this.#staying(seat, 'serving')
    const mayEnd = this.#rules.restart.policy !== 'permanent'
    assert.ok(mayEnd || this.#proven[seat]! >= generation, 'no worker that is new enough ever got ready')
    assert.ok(serving === undefined || serving.generation >= generation, 'a worker that is too old serves')
  }

  /** After every event. */
  settle(views: readonly SeatView[]): void {
    for (const { seat, generation, phase } of this.lives.values()) {
      const isTimed = (what: string): boolean => this.timers.has(`${what}:${seat}:${generation}`)
      assert.equal(isTimed('start'), phase === 'starting', 'the start of each that starts, and of no other, is timed')
      assert.equal(isTimed('kill'), phase === 'draining' || phase === 'failing', 'the end of each that drains is timed')
    }
    for (const timer of this.timers.keys()) {
      const [what, seat, generation] = timer.split(':')
      if (what !== 'backoff') assert.ok(this.find(Number(seat), Number(generation)), 'a timer of a life that is gone')
    }
    for (const seat of this.#retiring)
      assert.ok(this.of(seat).length > 0, 'a retired seat is empty, and nobody was told')
    views.forEach((view) => this.#checkSeat(view))
    for (const group of new Set(this.#groups)) this.#checkGroup(group)
  }

  #checkGroup(group: number): void {
    const busy = this.#groups.filter((of, seat) => {
      return of === group && this.#coming(seat) !== undefined && this.#staying(seat, 'serving') !== undefined
    })
    assert.ok(busy.length <= 1, 'two workers of a group are replaced at once')
  }

  #checkSeat({ seat, state }: SeatView): void {
    const serving = this.of(seat).filter(({ phase }) => phase === 'serving')
    assert.ok(serving.length <= 1, 'two lives of a seat serve')
    const isStarting = this.#coming(seat) !== undefined
    assert.equal(state === 'ready' || state === 'replacing', serving.length === 1, `somebody serves: ${state}`)
    if (this.wasUp || this.started[seat]! > 0)
      assert.equal(state === 'starting' || state === 'replacing', isStarting, `somebody starts: ${state}`)
    const isWaiting = [...this.timers.keys()].some((timer) => timer.startsWith(`backoff:${seat}:`))
    assert.equal(state === 'backoff', isWaiting, `a wait is timed: ${state}`)
    if (state === 'failed') assert.ok(this.#gaveUp.has(seat), 'a seat has failed, and nobody was told')
  }
}
