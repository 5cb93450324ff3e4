// One instance records one station. Its state, the connection and the file, lives in the worker that it was placed in.
import type { InstanceToolbox } from 'eisenmp/server'
import { type FileHandle, open } from 'node:fs/promises'

export type Recording = { readonly url: string; readonly file: string }
export type Channels = { audio: Uint8Array }
export type Status = {
  readonly bytes: number
  readonly pid: number
  readonly isHeard: boolean
  readonly problem?: string
}

export class Recorder {
  readonly #recording: Recording
  readonly #toolbox: InstanceToolbox<unknown, Channels>
  #file: FileHandle | undefined
  #isHeard = false
  #bytes = 0
  #problem: string | undefined
  #running: Promise<void> | undefined

  constructor(recording: Recording, toolbox: InstanceToolbox<unknown, Channels>) {
    this.#recording = recording
    this.#toolbox = toolbox
  }

  /** Called once by the fleet. A station that cannot be reached fails here, and so does its `create()`. */
  async start(): Promise<void> {
    const { url, file } = this.#recording
    const { ok, status, body } = await fetch(url, { signal: this.#toolbox.signal })
    if (!ok || body === null) throw new Error(`${url} answers ${status}`)
    this.#file = await open(file, 'w')
    this.#running = this.#record(body, this.#file)
  }

  /** Goes on beside the commands, until the fleet says stop. */
  async #record(body: ReadableStream<Uint8Array>, file: FileHandle): Promise<void> {
    try {
      for await (const frame of body) {
        await file.write(frame)
        this.#bytes += frame.length
        // Who listens takes the newest, so that this never waits.
        if (this.#isHeard) await this.#toolbox.emit('audio', frame)
      }
    } catch (error) {
      if (!this.#toolbox.signal.aborted) this.#problem = String(error)
    }
  }

  listen(isHeard: boolean): void {
    this.#isHeard = isHeard
  }

  status(): Status {
    const status = { bytes: this.#bytes, pid: process.pid, isHeard: this.#isHeard }
    return this.#problem === undefined ? status : { ...status, problem: this.#problem }
  }

  /** Called once by the fleet, when the instance is to end: nothing that has come is lost. */
  async stop(): Promise<void> {
    await this.#running
    await this.#file?.close()
  }
}
