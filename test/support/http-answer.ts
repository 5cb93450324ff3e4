/** What the head of an answer says. */
export interface AnswerHead {
  readonly status: number
  /** The server will close the connection after this answer. */
  readonly closes: boolean
  /** The header `x-worker`: who has answered. */
  readonly worker: string | undefined
  /** Bytes of the body; `undefined`: in chunks, or until the connection ends. */
  readonly length: number | undefined
  readonly isChunked: boolean
}

const HEAD_END = Buffer.from('\r\n\r\n')
const LAST_CHUNK = Buffer.from('0\r\n\r\n')
const EMPTY = Buffer.alloc(0)

function parseHead(text: string): AnswerHead {
  const [first = '', ...lines] = text.split('\r\n')
  const match = /^HTTP\/1\.([01]) (\d{3})/.exec(first)
  if (match === null) throw new Error(`Cannot read this as the answer of an HTTP/1 server: ${first.slice(0, 80)}`)
  const fields = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
    }),
  )
  const status = Number(match[2])
  const length = status === 204 || status === 304 ? '0' : fields.get('content-length')
  const connection = fields.get('connection')?.toLowerCase()
  return {
    status,
    closes: connection === 'close' || (match[1] === '0' && connection !== 'keep-alive'),
    worker: fields.get('x-worker'),
    length: length === undefined ? undefined : Number(length),
    isChunked: /chunked/i.test(fields.get('transfer-encoding') ?? ''),
  }
}

/** Heads are the same for a second, as they hold the date: they are read once. */
const known = new Map<string, AnswerHead>()

function readHead(text: string): AnswerHead {
  const found = known.get(text)
  if (found !== undefined) return found
  if (known.size > 100) known.clear()
  const head = parseHead(text)
  known.set(text, head)
  return head
}

/** Reads answers off one connection, one at a time: there is no pipelining. */
export class AnswerReader {
  #bytes: Buffer = EMPTY
  #head: AnswerHead | undefined
  #missing = 0

  /** Whether anything of the answer under way has come. */
  get hasBegun(): boolean {
    return this.#head !== undefined || this.#bytes.length > 0
  }

  /** The head of the answer that these bytes complete; `undefined` while something is missing. */
  push(chunk: Buffer): AnswerHead | undefined {
    if (this.#head === undefined) {
      this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk])
      const end = this.#bytes.indexOf(HEAD_END)
      if (end < 0) return undefined
      this.#head = readHead(this.#bytes.toString('latin1', 0, end))
      const body = this.#bytes.subarray(end + HEAD_END.length)
      this.#missing = this.#head.length ?? Infinity
      this.#bytes = EMPTY
      return this.#take(this.#head, body)
    }
    return this.#take(this.#head, chunk)
  }

  /** The connection has ended regularly: the head of an answer that goes until there. */
  end(): AnswerHead | undefined {
    const head = this.#head
    return head !== undefined && head.length === undefined && !head.isChunked ? this.#finish(head) : undefined
  }

  #take(head: AnswerHead, body: Buffer): AnswerHead | undefined {
    if (!head.isChunked) {
      this.#missing -= body.length
      return this.#missing <= 0 ? this.#finish(head) : undefined
    }
    // The last chunk may come in two pieces. Bodies here are text of ours, which does not contain its mark.
    const tail = Buffer.concat([this.#bytes, body])
    if (tail.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK)) return this.#finish(head)
    this.#bytes = Buffer.from(tail.subarray(-LAST_CHUNK.length))
    return undefined
  }

  #finish(head: AnswerHead): AnswerHead {
    this.#head = undefined
    this.#bytes = EMPTY
    return head
  }
}
