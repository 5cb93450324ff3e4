import assert from 'node:assert/strict'
import { once } from 'node:events'
import { it } from 'node:test'
import { FleetPark, type StationFleet, describeBoth, readAll } from '../../support/fleets.ts'
import { waitUntil } from '../../support/wait-until.ts'

const park = new FleetPark()

/** As dead as each kind of worker can be. */
const kill = { threads: ['exit', 9], processes: ['die'] } as const
const crash = { code: 'ERR_EISENMP_CRASH' }

describeBoth('instances of a worker that dies', (backend) => {
  async function killOne(fleet: StationFleet, name: string): Promise<void> {
    const [method, ...args] = kill[backend]
    await assert.rejects(fleet.get(name).call(method as 'exit', ...(args as [number])), crash)
  }

  it('are made again from their input; calls under way reject, once, and are not repeated', async () => {
    const fleet = await park.create({ backend, workers: 2 })
    const names = ['a', 'b', 'c', 'd']
    const all = await Promise.all(names.map((name) => fleet.create(name)))
    await Promise.all(all.map((one) => one.call('note', 'before')))
    const events: string[] = []
    fleet.on('recreated', ({ name, worker }) => void events.push(`${name} in ${worker}`))
    const underWay = fleet.get('c').call('hang')
    const behind = fleet.get('c').call('note', 'sent before')
    await Promise.all([killOne(fleet, 'a'), assert.rejects(underWay, crash), assert.rejects(behind, crash)])
    assert.equal(fleet.get('a').state, 'recreating')
    // Asked for while nobody is there: it waits.
    assert.deepEqual(await fleet.get('a').call('log'), ['started'])
    assert.deepEqual(await fleet.get('c').call('log'), ['started'])
    assert.deepEqual(await fleet.get('b').call('log'), ['started', 'before'])
    assert.deepEqual(events.toSorted(), ['a in 0', 'c in 0'])
    assert.equal((await fleet.get('a').call('whoAmI')).generation, 1)
    await fleet.close()
  })

  it('go on with their streams, which miss nothing that is emitted from the start on', async () => {
    const fleet = await park.create({ backend })
    const one = await fleet.create('one', { emitsAtStart: 3 })
    const stream = one.stream('number')
    await one.call('count', 2)
    await killOne(fleet, 'one')
    await one.call('note', 'there again')
    await one.stop()
    assert.deepEqual(await readAll(stream), [0, 1, 0, 1, 2])
    assert.equal(stream.recreations, 1)
    await fleet.close()
  })

  it('are lost with report: event, state, name kept until stop(), room free at once', async () => {
    const fleet = await park.create({ backend, onWorkerLost: 'report', maxPerWorker: 1 })
    const one = await fleet.create('one')
    const stream = one.stream('number')
    await one.call('count', 1)
    const lost = once(fleet, 'lost') as Promise<[{ name: string; error: Error }]>
    await killOne(fleet, 'one')
    const [{ name, error }] = await lost
    assert.equal(name, 'one')
    assert.match(error.message, /^Cannot tell what became of instance 'one': its worker died: /)
    assert.equal(one.state, 'lost')
    await assert.rejects(one.call('log'), error)
    assert.equal((await stream.next()).value, 0)
    await assert.rejects(stream.next(), error)
    await assert.rejects(fleet.create('one'), { code: 'ERR_EISENMP_NAME' })
    await fleet.create('two')
    await one.stop()
    assert.deepEqual(
      fleet.list().map((each) => each.name),
      ['two'],
    )
    await fleet.close()
  })

  it('reject their create() when the worker dies at it, and are not tried again', async () => {
    const fleet = await park.create({ backend })
    await assert.rejects(fleet.create('one', { start: 'exits' }), {
      ...crash,
      message: /^Cannot tell the outcome of creating instance 'one'/,
    })
    assert.equal(fleet.has('one'), false)
    await fleet.create('one')
    await fleet.close()
  })

  it('tell what nobody had caught, and have their stop() called before', async () => {
    const fleet = await park.create({ backend })
    const one = await fleet.create('one')
    const hung = one.call('noteSlowly', 'late', 10_000)
    const thrown = one.call('throwLater')
    hung.catch(() => {})
    void thrown.catch(() => {})
    const other = await fleet.create('other')
    const gone = once(fleet, 'gone')
    void other.call('throwLater')
    await gone
    await assert.rejects(hung, (error: Error) => {
      assert.equal((error as { code?: string }).code, 'ERR_EISENMP_CRASH')
      assert.match((error.cause as Error).message, /nobody catches this/)
      return true
    })
    await waitUntil(() => park.lines.some(({ text }) => text.endsWith('stopped other: started')), 'stop() was called')
    assert.deepEqual(await other.call('log'), ['started'])
    await fleet.close()
  })

  it('move to other workers: commands wait, streams go on, state stays behind', async () => {
    const fleet = await park.create({ backend, workers: 3, maxPerWorker: 4 })
    for (let n = 0; n < 6; n++) await fleet.create(`n${n}`)
    const one = fleet.get('n1')
    await one.call('note', 'state')
    const stream = one.stream('number')
    await one.call('count', 2)
    const underWay = one.call('noteSlowly', 'in time', 30)
    const moving = fleet.stopWorker(1, { move: true })
    const later = one.call('log')
    assert.equal(await underWay, 3)
    assert.deepEqual(await later, ['started'])
    assert.deepEqual(await moving, { instances: 2, errors: [] })
    await one.call('count', 2)
    assert.deepEqual(
      fleet.list().map(({ worker }) => worker),
      [0, 0, 2, 0, 2, 2],
    )
    assert.equal((await one.call('whoAmI')).worker, 0)
    await one.stop()
    assert.deepEqual(await readAll(stream), [0, 1, 0, 1])
    await fleet.close()
  })

  it('are not touched when there is no room for all of them elsewhere', async () => {
    const fleet = await park.create({ backend, workers: 2, maxPerWorker: 2 })
    for (let n = 0; n < 3; n++) await fleet.create(`n${n}`)
    await fleet.get('n0').call('note', 'kept')
    await assert.rejects(fleet.stopWorker(0, { move: true }), { code: 'ERR_EISENMP_FULL' })
    assert.deepEqual(await fleet.get('n0').call('log'), ['started', 'kept'])
    await fleet.close()
  })

  it('can be stopped while they wait for a worker, and while they move', async () => {
    const fleet = await park.create({ backend, workers: 2 })
    const [a, b] = [await fleet.create('a'), await fleet.create('b')]
    await killOne(fleet, 'a')
    await a.stop()
    assert.equal(fleet.has('a'), false)
    const moving = fleet.stopWorker(1, { move: true })
    await b.stop()
    await moving
    assert.deepEqual(fleet.list(), [])
    await fleet.close()
  })

  it('are unique by name, however many ask at once', async () => {
    const fleet = await park.create({ backend, workers: 2 })
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => fleet.create('one')))
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') assert.equal((outcome.reason as { code: string }).code, 'ERR_EISENMP_NAME')
    }
    await fleet.close()
  })
})
