/** What the user's code wants to do when its worker begins to drain. */
export class DrainHooks {
  readonly #hooks = new Set<() => unknown>()
  readonly #failed: (error: unknown) => void
  #hasBegun = false

  /** @param failed - Hears what a hook has thrown. */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed
  }

  add(act: () => unknown): void {
    if (this.#hasBegun) void this.#call(act)
    else this.#hooks.add(act)
  }

  /** Calls them all, side by side. Never rejects. */
  async run(): Promise<void> {
    this.#hasBegun = true
    await Promise.all([...this.#hooks].map((act) => this.#call(act)))
  }

  async #call(act: () => unknown): Promise<void> {
    try {
      await act()
    } catch (error) {
      this.#failed(error)
    }
  }
}
