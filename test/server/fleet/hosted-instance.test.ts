import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { FromFleetWorker } from '../../../src/server/fleet/fleet-messages.ts'
import { HostedInstance } from '../../../src/server/fleet/hosted-instance.ts'
import { describeWorker, type InstanceToolbox } from '../../../src/server/fleet/instance-toolbox.ts'
import type { ServiceSpec } from '../../../src/server/service-spec.ts'

type Maker = new (input: unknown, toolbox: InstanceToolbox) => object

function host(makeInstance: Maker): { one: HostedInstance; sent: FromFleetWorker[]; kinds(): string[] } {
  const sent: FromFleetWorker[] = []
  const worker = describeWorker({ index: 0, name: 'fleet-0', generation: 0 } as ServiceSpec)
  const parts = { config: undefined, worker, isPortable: true, print: () => {} }
  const one = new HostedInstance(
    { ...parts, makeInstance, send: (body) => void sent.push(body) },
    { kind: 'create', instance: 1, name: 'one', input: 5, readers: [] },
  )
  return { one, sent, kinds: () => sent.map((body) => ('why' in body ? body.why : body.kind)) }
}

const call = (id: number, method: string, ...args: unknown[]) =>
  ({ kind: 'call', instance: 1, call: id, method, args }) as const

describe('HostedInstance', () => {
  it('answers a method that is not async in the same turn', async () => {
    const { one, sent } = host(
      class {
        double(n: number): number {
          return 2 * n
        }
      },
    )
    assert.equal(await one.begin(5), true)
    one.call(call(1, 'double', 4))
    assert.deepEqual(sent, [
      { kind: 'created', instance: 1 },
      { kind: 'result', call: 1, value: 8 },
    ])
  })

  it('keeps commands back until start() has ended', async () => {
    const gate = Promise.withResolvers<void>()
    const { one, kinds } = host(
      class {
        start(): Promise<void> {
          return gate.promise
        }
        work(): void {}
      },
    )
    const begun = one.begin(5)
    one.call(call(1, 'work'))
    assert.equal(one.pending, 2)
    assert.deepEqual(kinds(), [])
    gate.resolve()
    await begun
    assert.deepEqual(kinds(), ['created', 'result'])
  })

  it('tells that its constructor has thrown', async () => {
    const { one, kinds } = host(
      class {
        constructor() {
          throw new Error('no')
        }
      },
    )
    assert.equal(await one.begin(5), false)
    assert.deepEqual(kinds(), ['refused'])
  })

  for (const name of ['stop', Symbol.asyncDispose, Symbol.dispose]) {
    it(`ends by its ${String(name)}, once`, async () => {
      let calls = 0
      const { one, kinds } = host(
        class {
          [name](): void {
            calls += 1
          }
        },
      )
      await one.begin(5)
      await Promise.all([one.stop(1000), one.stop(1000)])
      assert.equal(calls, 1)
      assert.deepEqual(kinds(), ['created', 'stopped'])
    })
  }

  it('drops a command that nobody waits for before it has begun, and says so', async () => {
    const gate = Promise.withResolvers<void>()
    const { one, kinds } = host(
      class {
        wait(): Promise<void> {
          return gate.promise
        }
        work(): void {}
      },
    )
    await one.begin(5)
    one.call(call(1, 'wait'))
    one.call(call(2, 'work'))
    one.cancel(2)
    one.cancel(99)
    assert.deepEqual(kinds(), ['created', 'cancelled'])
    gate.resolve()
    await one.stop(1000)
    assert.deepEqual(kinds(), ['created', 'cancelled', 'result', 'stopped'])
  })
})
