/** Keeps the end of a byte stream. */
export class TailBuffer {
  readonly #limit: number
  #parts: Uint8Array[] = []
  #bytes = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  push(bytes: Uint8Array): void {
    this.#parts.push(bytes.length > this.#limit ? bytes.subarray(bytes.length - this.#limit) : bytes)
    this.#bytes += this.#parts.at(-1)!.length
    while (this.#bytes - this.#parts[0]!.length >= this.#limit) this.#bytes -= this.#parts.shift()!.length
  }

  /** The last bytes as text, at most the limit. */
  toString(): string {
    const all = new Uint8Array(this.#bytes)
    let at = 0
    for (const part of this.#parts) {
      all.set(part, at)
      at += part.length
    }
    return new TextDecoder().decode(all.subarray(Math.max(0, this.#bytes - this.#limit)))
  }
}
