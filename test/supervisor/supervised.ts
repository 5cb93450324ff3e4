import assert from 'node:assert/strict'
import { Supervision } from '../../src/supervisor/supervision.ts'
import type {
  SupervisionEvent,
  SupervisionInstruction,
  SupervisionRules,
} from '../../src/supervisor/supervision-types.ts'

export const RULES: SupervisionRules = {
  restart: { policy: 'permanent', backoff: { firstMs: 100, maxMs: 15_000 }, max: 5, withinMs: 30_000 },
  startTimeoutMs: 30_000,
  killAfterMs: 15_000,
}

function show(instruction: SupervisionInstruction): string {
  const { kind } = instruction
  switch (kind) {
    case 'start': {
      const { seat, generation, replaces } = instruction
      return `start ${seat}.${generation}${replaces === undefined ? '' : ` for ${replaces}`}`
    }
    case 'drain':
    case 'kill':
      return `${kind} ${instruction.seat}.${instruction.generation}`
    case 'set-timer':
      return `set ${instruction.timer} ${instruction.afterMs}`
    case 'clear-timer':
      return `clear ${instruction.timer}`
    case 'gave-up':
      return `gave-up ${instruction.seat}: ${instruction.reason} (${String(instruction.error)})`
    case 'reloaded': {
      const { id, replaced, failed } = instruction
      return `reloaded ${id}: ${replaced}${failed === undefined ? '' : `, not ${failed.seat}: ${failed.reason}`}`
    }
    case 'retired':
      return `retired ${instruction.seat}`
    default:
      return kind
  }
}

/** A supervision with a clock, told and read in few words. Timers are left out of what it says, unless `timers` is asked. */
export class Supervised {
  readonly supervision: Supervision
  nowMs = 0
  random = 0.5
  last: SupervisionInstruction[] = []

  constructor(groups: readonly string[], rules: SupervisionRules = RULES) {
    this.supervision = new Supervision(
      rules,
      groups.map((group) => ({ group })),
    )
  }

  tell(event: SupervisionEvent): string[] {
    this.last = this.supervision.handle(event, this.nowMs, this.random)
    return this.last.filter(({ kind }) => kind !== 'set-timer' && kind !== 'clear-timer').map(show)
  }

  timers(): string[] {
    return this.last.filter(({ kind }) => kind === 'set-timer' || kind === 'clear-timer').map(show)
  }

  /** All seats are filled and ready. */
  static up(groups: readonly string[], rules?: SupervisionRules): Supervised {
    const supervised = new Supervised(groups, rules)
    supervised.tell({ kind: 'open' })
    const last = groups.map((_, seat) => supervised.ready(seat, 0)).at(-1)
    assert.deepEqual(last, ['up'])
    return supervised
  }

  ready(seat: number, generation: number): string[] {
    return this.tell({ kind: 'ready', seat, generation })
  }

  /** It crashes. */
  gone(seat: number, generation: number, reason = 'exit code 1'): string[] {
    return this.tell({ kind: 'gone', seat, generation, reason, isRegular: false })
  }

  /** It has left as it should. */
  left(seat: number, generation: number): string[] {
    return this.tell({ kind: 'gone', seat, generation, reason: 'exit code 0', isRegular: true })
  }

  unhealthy(seat: number, generation: number, isBlocked = false): string[] {
    return this.tell({ kind: 'unhealthy', seat, generation, reason: 'its heap is full', isBlocked })
  }

  timer(timer: string): string[] {
    return this.tell({ kind: 'timer', timer })
  }

  reload(id: number): string[] {
    return this.tell({ kind: 'reload', id })
  }

  states(): string[] {
    return this.supervision.view().map(({ state }) => state)
  }
}
