import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Instance } from '../../../src/server/fleet/instance.ts'
import type { StationChannels, Station } from '../../fixtures/fleets/station.worker.ts'
import { FleetPark, type StationFleet, describeBoth } from '../../support/fleets.ts'
import { within } from '../../support/wait-until.ts'

type One = Instance<Station, StationChannels>
const park = new FleetPark()
let count = 0

describeBoth('Instance', (backend) => {
  let shared: Promise<StationFleet> | undefined
  async function create(input?: object): Promise<One> {
    shared ??= park.create({ backend, workers: 2, queue: { capacity: 8 } })
    return (await shared).create(`station-${(count += 1)}`, input)
  }

  it('calls methods of its class, of the class above and its own functions, with any number of arguments', async () => {
    const one = await create()
    assert.equal((await one.call('whoAmI')).greeting, 'hello')
    assert.equal((await one.call('whoAmI')).name, one.name)
    assert.equal((await one.call('whoAmI')).threadId > 0, backend === 'threads')
    assert.equal(await one.call('inherited'), 'of the base class')
    assert.equal(await one.call('own', 21), 42)
    assert.deepEqual(await one.call('echo'), [])
    const values = [1n, new Date(5), new Map([[1, { a: new Set(['x']) }]]), new Uint8Array([1, 2]), undefined, null]
    assert.deepEqual(await one.call('echo', ...values), values)
  })

  it('runs its commands one at a time, in the order in which they were asked for', async () => {
    const one = await create()
    const words = Array.from({ length: 40 }, (_, n) => `${n}`)
    await Promise.all(words.map((word, n) => (n % 4 === 0 ? one.call('noteSlowly', word, 3) : one.call('note', word))))
    assert.deepEqual(await one.call('log'), ['started', ...words])
  })

  it('copies arguments at once', async () => {
    const one = await create()
    const value = { n: 1 }
    const answer = one.call('echo', value)
    value.n = 2
    assert.deepEqual(await answer, [{ n: 1 }])
  })

  it('brings what a method throws, whole', async () => {
    const one = await create()
    await assert.rejects(one.call('fail'), (error: Error & { code: string; worker: string }) => {
      assert.equal(error.code, 'ERR_EISENMP_TASK')
      assert.equal(error.message, `Cannot call 'fail' of instance '${one.name}': bad antenna`)
      assert.equal(error.worker, `${one.worker}.0`)
      const cause = error.cause as TypeError & { metres: number }
      assert.ok(cause instanceof TypeError)
      assert.equal(cause.metres, 12)
      assert.match(cause.stack!, /station\.worker\.ts/)
      assert.ok(cause.cause instanceof RangeError)
      return true
    })
    await assert.rejects(one.call('throwText'), { cause: 'just text', message: /a value was thrown: just text$/ })
    assert.equal(await one.call('own', 1), 2)
  })

  it('refuses names that are no methods, and runs nothing', async () => {
    const one = (await create()) as Instance
    for (const name of [
      'constructor',
      '__proto__',
      'toString',
      'hasOwnProperty',
      'trap',
      'data',
      'stop',
      'start',
      '',
    ]) {
      await assert.rejects(one.call(name), { code: 'ERR_EISENMP_UNKNOWN_TASK' }, name)
    }
    await assert.rejects(one.call('noet', 'x'), { message: /did you mean 'note'\?$/ })
    await assert.rejects(one.call(Symbol.iterator as never), { code: 'ERR_EISENMP_UNKNOWN_TASK' })
    await assert.rejects(one.call({ toString: () => 'note' } as never), { code: 'ERR_EISENMP_UNKNOWN_TASK' })
    assert.deepEqual(await one.call('log'), ['started'])
  })

  it('pollutes nothing by what it is given', async () => {
    const one = await create()
    const evil: unknown = JSON.parse(
      '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
    )
    const [back] = (await one.call('echo', evil)) as [object]
    assert.ok(Object.hasOwn(back, '__proto__'))
    assert.equal(({} as { polluted?: unknown }).polluted, undefined)
    assert.deepEqual(await one.call('echo', ({} as { polluted?: unknown }).polluted), [undefined])
  })

  it('refuses arguments and results that cannot travel, naming the part', async () => {
    const one = await create()
    await assert.rejects(one.call('echo', 1, { deep: [() => 1] }), {
      code: 'ERR_EISENMP_CLONE',
      message: `Cannot call 'echo' of '${one.name}': args[1].deep[0]: a function cannot be copied`,
    })
    await assert.rejects(one.call('give', 'function'), { code: 'ERR_EISENMP_CLONE', message: /result\.deep\[0\]/ })
    const circle = (await one.call('give', 'circle')) as { self: unknown }
    assert.equal(circle.self, circle)
  })

  it('gives up after timeoutMs; what had not begun never does, what had is told', async () => {
    const one = await create()
    const slow = one.with({ timeoutMs: 20 }).call('waitForAbort')
    const behind = one.with({ timeoutMs: 10 }).call('note', 'never')
    await assert.rejects(behind, { code: 'ERR_EISENMP_TIMEOUT', message: /within 10 ms/ })
    await assert.rejects(slow, { code: 'ERR_EISENMP_TIMEOUT' })
    assert.deepEqual(await one.call('log'), ['started', 'aborted'])
  })

  it('gives up with the reason of a signal, before and during the call', async () => {
    const one = await create()
    const reason = new Error('changed my mind')
    await assert.rejects(one.with({ signal: AbortSignal.abort(reason) }).call('note', 'never'), reason)
    const controller = new AbortController()
    const slow = one.with({ signal: controller.signal }).call('waitForAbort')
    controller.abort(reason)
    await assert.rejects(slow, reason)
    assert.deepEqual(await one.call('log'), ['started', 'aborted'])
  })

  it('leaves nothing on a signal that is used for many calls', async () => {
    const one = await create()
    const { signal } = new AbortController()
    const calls = Array.from({ length: 100 }, (_, n) => one.with({ signal, timeoutMs: 10_000 }).call('own', n))
    assert.deepEqual((await Promise.all(calls)).at(-1), 198)
  })

  it('refuses wrong options', async () => {
    const one = await create()
    assert.throws(() => one.with({ timeoutMs: 0 }), { code: 'ERR_EISENMP_OPTION' })
    assert.throws(() => one.with({ timeout: 5 } as never), { message: /did you mean 'timeoutMs'/ })
    assert.throws(() => one.stream('number', { policy: 'drop' as never }), { code: 'ERR_EISENMP_OPTION' })
    assert.throws(() => one.stream('number', { capacity: 0 }), { code: 'ERR_EISENMP_OPTION' })
    assert.throws(() => one.stream(7 as never), { code: 'ERR_EISENMP_OPTION' })
  })

  it('does not hold up the others while it hangs, however much it is asked', async () => {
    const one = await create()
    const fleet = await shared!
    const others = fleet.list().filter(({ worker }) => worker === one.worker)
    const hanging = Array.from({ length: 30 }, () => one.with({ timeoutMs: 5000 }).call('hang'))
    for (const hung of hanging) hung.catch(() => {})
    const answers = await Promise.all(others.filter((other) => other !== one).map((other) => other.call('own', 4)))
    assert.ok(answers.length > 0 && answers.every((answer) => answer === 8))
    one.stop().catch(() => {})
  })

  it('stops after the commands that were asked for before, and is gone', async () => {
    const one = await create()
    const told = one.call('waitForStop')
    const noted = one.call('note', 'last word')
    const stopped = one.stop()
    assert.equal(one.state, 'stopping')
    await assert.rejects(one.call('note', 'too late'), { code: 'ERR_EISENMP_CLOSED' })
    assert.deepEqual(await Promise.all([told, noted]), ['told to stop', 2])
    await stopped
    assert.equal(one.state, 'stopped')
    assert.equal(one.worker, undefined)
    await assert.rejects(one.call('log'), { code: 'ERR_EISENMP_CLOSED', message: /was stopped; create it again$/ })
    assert.throws(() => one.stream('number'), { code: 'ERR_EISENMP_CLOSED' })
    await one.stop()
    assert.equal((await shared!).has(one.name), false)
    assert.ok(park.lines.some(({ text }) => text.endsWith(`stopped ${one.name}: started last word`)))
  })

  it('tells what its stop() throws, and is gone all the same', async () => {
    const one = await create({ stop: 'throws' })
    await assert.rejects(one[Symbol.asyncDispose](), {
      code: 'ERR_EISENMP_TASK',
      message: `Cannot stop instance '${one.name}' properly: its stop() threw: the door is stuck`,
    })
    assert.equal((await shared!).has(one.name), false)
  })

  it('prints whole lines, its log to stderr', async () => {
    const one = await create()
    await one.call('print', `a line of ${one.name}`)
    const lines = park.lines.filter(({ text }) => text.includes(`a line of ${one.name}`))
    assert.deepEqual(
      lines.map(({ stream, text }) => [stream, text]),
      [
        ['stdout', `a line of ${one.name}`],
        ['stderr', `warn: a line of ${one.name}`],
      ],
    )
  })

  it('ends a command that hangs, and a stop() that hangs, by drain.inFlightMs', async () => {
    const fleet = await park.create({ backend, drain: { inFlightMs: 50 } })
    const one = await fleet.create('one', { stop: 'hangs' })
    const hung = one.call('hang')
    const behind = one.call('note', 'never')
    hung.catch(() => {})
    await assert.rejects(within(one.stop(), 'the stop'), { code: 'ERR_EISENMP_TIMEOUT', message: /drain\.inFlightMs/ })
    await assert.rejects(behind, { code: 'ERR_EISENMP_CLOSED' })
    await assert.rejects(hung, { code: 'ERR_EISENMP_CLOSED' })
    await fleet.create('one')
    await fleet.close()
  })
})
