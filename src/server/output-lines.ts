import { StringDecoder } from 'node:string_decoder'

/** A line longer than this is passed on in pieces: an unterminated one must not fill the memory. */
const MAX_LINE = 64 * 1024

/** Cuts what one worker prints on one stream into lines. */
export class OutputLines {
  readonly #decoder = new StringDecoder('utf8')
  readonly #tell: (line: string) => void
  #rest = ''

  constructor(tell: (line: string) => void) {
    this.#tell = tell
  }

  push(bytes: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.write(Buffer.from(bytes))).split('\n')
    this.#rest = lines.pop()!
    for (const line of lines) this.#tell(line.endsWith('\r') ? line.slice(0, -1) : line)
    while (this.#rest.length > MAX_LINE) {
      this.#tell(this.#rest.slice(0, MAX_LINE))
      this.#rest = this.#rest.slice(MAX_LINE)
    }
  }

  /** Passes on an unfinished last line too. */
  end(): void {
    const rest = this.#rest + this.#decoder.end()
    this.#rest = ''
    if (rest !== '') this.#tell(rest)
  }
}
