import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { FleetPark, describeBoth, readAll } from '../../support/fleets.ts'
import { runProgram } from '../../support/run-program.ts'
import { within } from '../../support/wait-until.ts'

const park = new FleetPark()

describeBoth('Fleet', (backend) => {
  it('places, finds and lists instances; full, unknown and doubled names are errors that say so', async () => {
    const fleet = await park.create({ backend, workers: 2, maxPerWorker: 2 })
    for (const name of ['a', 'b', 'c', 'd']) await fleet.create(name)
    assert.deepEqual(
      fleet.list().map(({ name, worker }) => `${name}${worker}`),
      ['a0', 'b1', 'c0', 'd1'],
    )
    assert.equal(fleet.get('c'), fleet.list()[2])
    assert.equal((await fleet.get('d').call('whoAmI')).worker, 1)
    await assert.rejects(fleet.create('e'), { code: 'ERR_EISENMP_FULL', message: /all 2 workers are full, with 2/ })
    await assert.rejects(fleet.create('a'), { code: 'ERR_EISENMP_NAME' })
    assert.throws(() => fleet.get('e'), { code: 'ERR_EISENMP_NAME' })
    await fleet.get('b').stop()
    assert.equal((await fleet.create('e')).worker, 1)
    await fleet.close()
  })

  it('refuses what cannot be an instance, and frees its name and room', async () => {
    const fleet = await park.create({ backend, maxPerWorker: 1 })
    await assert.rejects(fleet.create('one', { start: 'throws' }), (error: Error & { code: string }) => {
      assert.equal(error.code, 'ERR_EISENMP_TASK')
      assert.equal(error.message, "Cannot create instance 'one': no such station")
      assert.ok(error.cause instanceof RangeError)
      return true
    })
    await assert.rejects(fleet.create('one', { deep: [() => 1] }), {
      code: 'ERR_EISENMP_CLONE',
      message: "Cannot create instance 'one': input.deep[0]: a function cannot be copied",
    })
    await assert.rejects(fleet.create(''), { code: 'ERR_EISENMP_NAME' })
    assert.deepEqual(fleet.list(), [])
    await fleet.create('one')
    await fleet.close()
  })

  it('asks an own placement, and checks its answer', async () => {
    let answer = 1
    const fleet = await park.create({ backend, workers: 2, placement: () => answer })
    assert.equal((await fleet.create('a')).worker, 1)
    answer = 2
    await assert.rejects(fleet.create('b'), {
      code: 'ERR_EISENMP_OPTION',
      message: /it returned 2; workers with room are 0, 1/,
    })
    assert.equal(fleet.has('b'), false)
    await fleet.close()
  })

  it('stops a worker with its instances, and starts it again', async () => {
    const fleet = await park.create({ backend, workers: 2 })
    for (const name of ['a', 'b', 'c']) await fleet.create(name, name === 'c' ? { stop: 'throws' } : {})
    const { instances, errors } = await fleet.stopWorker(0)
    assert.equal(instances, 2)
    assert.deepEqual(
      errors.map((error) => (error as { code: string }).code),
      ['ERR_EISENMP_TASK'],
    )
    assert.deepEqual(
      fleet.list().map(({ name }) => name),
      ['b'],
    )
    assert.equal((await fleet.create('d')).worker, 1)
    await fleet.stopWorker(1)
    await assert.rejects(fleet.create('e'), { code: 'ERR_EISENMP_FULL', message: /startWorker\(\)$/ })
    await fleet.startWorker(0)
    assert.equal((await fleet.create('e')).worker, 0)
    const both = [
      fleet.stopWorker(0),
      fleet.startWorker(0),
      fleet.stopWorker(0),
      fleet.stopWorker(0),
      fleet.startWorker(0),
    ]
    await within(Promise.all(both), 'starts and stops in turn')
    assert.equal((await fleet.create('f')).worker, 0)
    await assert.rejects(fleet.stopWorker(2), { code: 'ERR_EISENMP_OPTION' })
    await assert.rejects(fleet.startWorker(-1), { code: 'ERR_EISENMP_OPTION' })
    await assert.rejects(fleet.stopWorker(0, { moves: true } as never), { message: /did you mean 'move'/ })
    await fleet.close()
  })

  it('closes with things under way: they have their time, and all else rejects', async () => {
    const fleet = await park.create({ backend, workers: 2, queue: { capacity: 1 } })
    const [one, two] = [await fleet.create('one'), await fleet.create('two', { stop: 'emits' })]
    const words = Array.from({ length: 20 }, (_, n) => one.call('noteSlowly', `${n}`, 1))
    const told = two.call('waitForStop')
    const stream = two.stream('number')
    const closing = fleet.close()
    await assert.rejects(fleet.create('late'), { code: 'ERR_EISENMP_CLOSED' })
    await assert.rejects(fleet.stopWorker(0), { code: 'ERR_EISENMP_CLOSED' })
    await closing
    assert.deepEqual(
      await Promise.all(words),
      Array.from({ length: 20 }, (_, n) => n + 2),
    )
    assert.equal(await told, 'told to stop')
    assert.deepEqual(await readAll(stream), [-1])
    await assert.rejects(one.call('log'), { code: 'ERR_EISENMP_CLOSED' })
    assert.equal(one.state, 'stopped')
    await fleet[Symbol.asyncDispose]()
  })

  it('closes in time although commands, start() and stop() hang', async () => {
    const fleet = await park.create({ backend, drain: { inFlightMs: 30, killAfterMs: 3000 } })
    const one = await fleet.create('one', { stop: 'hangs' })
    const hung = one.call('hang')
    const starting = fleet.create('two', { start: 'hangs' })
    hung.catch(() => {})
    starting.catch(() => {})
    await within(fleet.close(), 'close()')
    for (const each of [hung, starting]) await assert.rejects(each, { code: 'ERR_EISENMP_CLOSED' })
  })

  it('ends at once by destroy(), whatever runs', async () => {
    const fleet = await park.create({ backend })
    const one = await fleet.create('one')
    const spinning = one.call('spin', 60_000)
    spinning.catch(() => {})
    await within(fleet.destroy(), 'destroy()')
    await assert.rejects(spinning, { code: 'ERR_EISENMP_CLOSED' })
  })

  it('closes by its signal', async () => {
    const controller = new AbortController()
    const fleet = await park.create({ backend, signal: controller.signal })
    const one = await fleet.create('one')
    const gone = once(fleet, 'gone')
    controller.abort()
    await gone
    await fleet.close()
    assert.equal(one.state, 'stopped')
  })

  it('holds a thousand instances, and calls them all', { timeout: 60_000 }, async () => {
    const fleet = await park.create({ backend, workers: 2, onOutput: () => {} })
    const names = Array.from({ length: 1000 }, (_, n) => `n${n}`)
    const all = await Promise.all(names.map((name) => fleet.create(name)))
    assert.deepEqual(
      fleet.stats().workers.map(({ instances }) => instances),
      [500, 500],
    )
    const answers = await Promise.all(all.map((one, n) => one.call('own', n)))
    assert.deepEqual(answers.slice(-2), [1996, 1998])
    await fleet.close()
  })
})

describe('a program with a fleet', () => {
  it('stops its instances on SIGTERM, and exits with 143', async () => {
    const { code, stdout } = await runProgram('fleet-open.ts', {
      onOutput: (text, child) => {
        if (text.endsWith('ready\n')) child.kill('SIGTERM')
      },
    })
    assert.equal(code, 143)
    assert.match(stdout, /ready\n(stopped [ab]: started\n){2}$/)
  })

  it('ends at once by the second signal', async () => {
    let sent = 0
    const { code, stdout } = await runProgram('fleet-open.ts', 'hangs', {
      onOutput: (text, child) => {
        if (text.endsWith('ready\n') && sent === 0) {
          sent = 1
          child.kill('SIGINT')
          setTimeout(() => child.kill('SIGINT'), 100)
        }
      },
    })
    assert.equal(code, 130)
    assert.ok(stdout.endsWith('ready\n'))
  })
})
