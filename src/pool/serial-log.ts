/** Remembers which serial numbers are through; those without a gap behind them cost nothing. */
export class SerialLog {
  #below = 0
  readonly #above = new Set<number>()

  add(serial: number): void {
    if (serial < this.#below) return
    this.#above.add(serial)
    while (this.#above.delete(this.#below)) this.#below += 1
  }

  has(serial: number): boolean {
    return serial < this.#below || this.#above.has(serial)
  }

  /** All serial numbers below this one are through. */
  get below(): number {
    return this.#below
  }
}
