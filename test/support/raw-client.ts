import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { waitUntil } from './wait-until.ts'

/** A connection that sends what it is told, byte by byte if need be, and keeps all that comes. */
export class RawClient {
  readonly socket: Socket
  text = ''
  hasEnded = false

  private constructor(socket: Socket) {
    this.socket = socket
    socket.setEncoding('latin1').on('data', (text: string) => {
      this.text += text
    })
    socket
      .on('error', () => {})
      .on('close', () => {
        this.hasEnded = true
      })
  }

  static async open(port: number): Promise<RawClient> {
    const socket = connect({ port, host: '127.0.0.1' })
    const client = new RawClient(socket)
    await once(socket, 'connect')
    return client
  }

  send(text: string): void {
    this.socket.write(text, 'latin1')
  }

  get(path: string, headers = ''): void {
    this.send(`GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`)
  }

  /** How many answers have begun to come. */
  get answers(): number {
    return this.text.split(/HTTP\/1\.1 \d/).length - 1
  }

  async waitFor(pattern: RegExp | string): Promise<void> {
    await waitUntil(
      () => (typeof pattern === 'string' ? this.text.includes(pattern) : pattern.test(this.text)),
      String(pattern),
    )
  }

  async waitForEnd(): Promise<void> {
    await waitUntil(() => this.hasEnded, 'the end of the connection')
  }
}
