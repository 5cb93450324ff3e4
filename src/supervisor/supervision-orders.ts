import type { SupervisionInstruction } from './supervision-types.ts'

/** What a timer is for. */
export interface Alarm {
  readonly what: 'start' | 'kill' | 'backoff'
  readonly seat: number
  readonly generation: number
}

function nameAlarm({ what, seat, generation }: Alarm): string {
  return `${what}:${seat}:${generation}`
}

/** Gathers the instructions of one event, and knows which timers run. */
export class Orders {
  readonly #alarms = new Map<string, Alarm>()
  #instructions: SupervisionInstruction[] = []

  add(instruction: SupervisionInstruction): void {
    this.#instructions.push(instruction)
  }

  /** Each alarm is set once at most: generations do not come back. */
  set(alarm: Alarm, afterMs: number): void {
    const timer = nameAlarm(alarm)
    this.#alarms.set(timer, alarm)
    this.add({ kind: 'set-timer', timer, afterMs })
  }

  clear(alarm: Alarm): void {
    const timer = nameAlarm(alarm)
    if (this.#alarms.delete(timer)) this.add({ kind: 'clear-timer', timer })
  }

  /** `undefined`: it was cleared when it was already on its way. */
  expire(timer: string): Alarm | undefined {
    const alarm = this.#alarms.get(timer)
    this.#alarms.delete(timer)
    return alarm
  }

  take(): SupervisionInstruction[] {
    const taken = this.#instructions
    this.#instructions = []
    return taken
  }
}
