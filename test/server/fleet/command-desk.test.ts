import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeError } from '../../../src/protocol/wire-error.ts'
import { CommandDesk } from '../../../src/server/fleet/command-desk.ts'
import type { ToFleetWorker } from '../../../src/server/fleet/fleet-messages.ts'
import { InstanceRecord } from '../../../src/server/fleet/instance-record.ts'
import { LifeRecord } from '../../../src/server/life.ts'

/** A desk with one seat, whose worker answers when it is told to. */
class Scene {
  readonly sent: ToFleetWorker[] = []
  readonly outcomes: string[] = []
  readonly life: LifeRecord = new LifeRecord(0, 0, 0)
  readonly desk: CommandDesk
  #count = 0

  constructor(capacity: number, whenFull: 'wait' | 'reject' = 'wait') {
    this.desk = new CommandDesk(
      1,
      { capacity, whenFull },
      {
        canTake: (record) => record.state === 'running' && record.life !== undefined,
        send: (_record, body) => void this.sent.push(body),
      },
    )
  }

  open(): InstanceRecord {
    const record = new InstanceRecord((this.#count += 1), `i${this.#count}`, undefined)
    record.state = 'running'
    record.life = this.life
    return record
  }

  call(record: InstanceRecord, method: string, limits: { timeoutMs?: number; signal?: AbortSignal } = {}): void {
    this.desk.call(record, method, [], limits).then(
      (value) => this.outcomes.push(`${method}=${String(value)}`),
      (error: Error & { code?: string }) => this.outcomes.push(`${method}!${error.code ?? error.message}`),
    )
  }

  /** Methods that were sent, in order. */
  get methods(): string[] {
    return this.sent.flatMap((body) => (body.kind === 'call' ? [body.method] : []))
  }

  async answer(method: string): Promise<void> {
    const call = this.sent.findLast((body) => body.kind === 'call' && body.method === method) as { call: number }
    this.desk.answer({ kind: 'result', call: call.call, value: 'done' })
    await Promise.resolve()
  }
}

describe('CommandDesk', () => {
  it('sends at once to instances with nothing to do, and no more behind others than fit', () => {
    const scene = new Scene(2)
    const [a, b, c] = [scene.open(), scene.open(), scene.open()]
    for (const method of ['a1', 'a2', 'a3', 'a4']) scene.call(a, method)
    for (const method of ['b1', 'b2']) scene.call(b, method)
    scene.call(c, 'c1')
    assert.deepEqual(scene.methods, ['a1', 'a2', 'a3', 'b1', 'c1'])
    assert.equal(scene.desk.count([a, b, c]), 7)
  })

  it('gives each room that becomes free to who has waited longest, each in turn', async () => {
    const scene = new Scene(1)
    const [a, b] = [scene.open(), scene.open()]
    for (const method of ['a1', 'a2', 'a3', 'a4']) scene.call(a, method)
    for (const method of ['b1', 'b2', 'b3']) scene.call(b, method)
    assert.deepEqual(scene.methods, ['a1', 'a2', 'b1'])
    await scene.answer('a1')
    assert.deepEqual(scene.methods.slice(3), ['a3'])
    await scene.answer('b1')
    assert.deepEqual(scene.methods.slice(4), ['b2'])
    await scene.answer('a2')
    assert.deepEqual(scene.methods.slice(5), ['b3'])
    assert.deepEqual(scene.outcomes, ['a1=done', 'b1=done', 'a2=done'])
  })

  it('rejects what finds no room, with whenFull: reject', async () => {
    const scene = new Scene(1, 'reject')
    const a = scene.open()
    for (const method of ['a1', 'a2', 'a3']) scene.call(a, method)
    await scene.answer('a1')
    assert.deepEqual(scene.outcomes, ['a3!ERR_EISENMP_FULL', 'a1=done'])
    scene.call(a, 'a4')
    assert.deepEqual(scene.methods, ['a1', 'a2', 'a4'])
  })

  it('takes back what was not sent, and tells the worker of what was; that keeps its place until it is answered', async () => {
    const scene = new Scene(1)
    const a = scene.open()
    const controller = new AbortController()
    const reason = new Error('no more')
    scene.call(a, 'a1', { signal: controller.signal })
    scene.call(a, 'a2')
    scene.call(a, 'a3', { signal: controller.signal })
    scene.call(a, 'a4')
    controller.abort(reason)
    assert.deepEqual(scene.sent.at(-1), { kind: 'cancel', instance: a.id, call: 1 })
    assert.deepEqual(scene.methods, ['a1', 'a2'])
    await scene.answer('a1')
    assert.deepEqual(scene.methods, ['a1', 'a2', 'a4'])
    assert.deepEqual(scene.outcomes, ['a1!no more', 'a3!no more'])
  })

  it('keeps what is not sent when the worker is lost, and sends it to the next', async () => {
    const scene = new Scene(1)
    const a = scene.open()
    for (const method of ['a1', 'a2', 'a3']) scene.call(a, method)
    scene.desk.lose(a, (call) => new Error(`lost ${call}`))
    a.life = undefined
    a.state = 'recreating'
    scene.call(a, 'a4')
    await Promise.resolve()
    assert.deepEqual(scene.outcomes, ["a1!lost 'a1' of instance 'i1'", "a2!lost 'a2' of instance 'i1'"])
    a.life = scene.life
    a.state = 'running'
    scene.desk.serve(a)
    assert.deepEqual(scene.methods, ['a1', 'a2', 'a3', 'a4'])
    assert.equal(a.sent, 2)
  })

  it('sends all before the end, and drops what cannot be sent', async () => {
    const scene = new Scene(1)
    const a = scene.open()
    for (const method of ['a1', 'a2', 'a3', 'a4']) scene.call(a, method)
    scene.desk.flush(a)
    assert.deepEqual(scene.methods, ['a1', 'a2', 'a3', 'a4'])
    a.state = 'stopping'
    scene.call(a, 'a5')
    scene.desk.drop(a, () => new Error('over'))
    await Promise.resolve()
    assert.deepEqual(scene.outcomes, ['a5!over'])
  })

  it('ignores answers that nobody waits for', () => {
    const scene = new Scene(1)
    scene.desk.answer({ kind: 'failed', call: 77, why: 'thrown', error: encodeError(new Error('x'), true) })
    assert.deepEqual(scene.outcomes, [])
  })
})
