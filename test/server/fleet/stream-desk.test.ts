import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { FleetPark, type StationFleet, describeBoth, readAll } from '../../support/fleets.ts'
import { waitUntil } from '../../support/wait-until.ts'

const park = new FleetPark()

/** What has been read is freed by the collector when it likes; here it is made to. */
function collect(): void {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index)

describeBoth('streams of instances', (backend) => {
  let shared: Promise<StationFleet> | undefined
  let count = 0
  async function create(input?: object) {
    shared ??= park.create({ backend })
    return (await shared).create(`${backend}-${(count += 1)}`, input)
  }

  it('lose nothing with wait, in order, also when nobody awaits emit(), and end with the instance', async () => {
    const one = await create()
    const streams = [one.stream('number', { capacity: 3 }), one.stream('number', { capacity: 1 })]
    const read = streams.map(readAll)
    assert.equal(await one.call('count', 300), 300)
    await one.call('countUnawaited', 500)
    await one.call('note', 'done')
    await waitUntil(() => streams[1]!.dropped === 0, 'nothing is dropped')
    await one.call('count', 1)
    await one.stop()
    for (const values of await Promise.all(read)) assert.deepEqual(values, [...upTo(300), ...upTo(500), 0])
  })

  it('keep an instance waiting for its slowest reader, within bounds', async () => {
    const one = await create()
    const stream = one.stream('number', { capacity: 4 })
    const other = one.stream('number', { policy: 'drop-oldest', capacity: 1000 })
    const counting = one.call('count', 100)
    let seen = 0
    for await (const value of other) if (value === 3) break
    // Four were asked for; the fifth waits in the instance.
    for await (const value of stream) {
      assert.equal(value, seen)
      if ((seen += 1) === 50) break
    }
    assert.equal(await counting, 100)
  })

  it('let the instance go on when a reader breaks, and the others read on', async () => {
    const one = await create()
    const leaving = one.stream('number', { capacity: 1 })
    const staying = readAll(one.stream('number'))
    const counting = one.call('count', 40)
    for await (const _ of leaving) break
    assert.equal(await counting, 40)
    await one.stop()
    assert.deepEqual(await staying, upTo(40))
  })

  it('keep the newest of drop-oldest and latest, and count what was dropped', async () => {
    const one = await create()
    const newest = one.stream('number', { policy: 'drop-oldest', capacity: 5 })
    const latest = one.stream('number', { policy: 'latest' })
    assert.equal(await one.call('count', 2000), 2000)
    await one.stop()
    const kept = await readAll(newest)
    assert.deepEqual(kept.slice(-2), [1998, 1999])
    assert.ok(kept.length <= 5)
    assert.ok(newest.dropped >= 2000 - 2 * 5)
    assert.deepEqual(await readAll(latest), [1999])
  })

  it('hold memory down when a reader is slow', { timeout: 60_000 }, async () => {
    const one = await create()
    const size = 256 * 1024
    const stream = one.stream('odd', { policy: 'drop-oldest', capacity: 2 })
    await one.call('emitOdd', 'big', size)
    await stream.next()
    collect()
    const before = process.memoryUsage().arrayBuffers
    for (let n = 0; n < 400; n++) await one.call('emitOdd', 'big', size)
    collect()
    // 100 MB were emitted; two values are kept, and what has come in on the way to becoming some.
    assert.ok(process.memoryUsage().arrayBuffers - before < 40 * 1024 * 1024)
    assert.ok(stream.dropped >= 390)
    await stream.return()
  })

  it('read nothing of before, and nothing of other channels', async () => {
    const one = await create()
    await one.call('count', 10)
    const numbers = one.stream('number')
    const odd = one.stream('odd')
    await one.call('count', 2)
    await one.stop()
    assert.deepEqual(await readAll(numbers), [0, 1])
    assert.deepEqual(await readAll(odd), [])
  })

  it('end an instance that waits for a reader who does not read', async () => {
    const one = await create()
    const stream = one.stream('number', { capacity: 2 })
    const counting = one.call('count', 100)
    await one.stop()
    // How far it got by then is up to the machine, but not past what fits.
    const told = await counting
    assert.ok(typeof told === 'number' && told <= 4, String(told))
    const values = await readAll(stream)
    assert.deepEqual(values, [0, 1, 2, 3, 4].slice(0, values.length))
    // The last one may have been on its way.
    assert.ok(values.length - told <= 1 && values.length >= told, `${values.length} came, ${told} were told`)
  })

  it('tell an instance that what it emits cannot travel', async () => {
    const one = await create()
    const stream = one.stream('odd')
    await assert.rejects(one.call('emitOdd', 'function'), (error: Error) => {
      assert.equal((error.cause as { code?: string }).code, 'ERR_EISENMP_CLONE')
      return true
    })
    await stream.return()
  })
})
