import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { showValue } from '../../../src/options.ts'
import { Ledger, type LedgerEntry, type LedgerRules } from '../../../src/server/fleet/ledger.ts'

function makeEntry(name: string): LedgerEntry {
  return { name, input: undefined, worker: undefined }
}

function open(rules: Partial<LedgerRules> = {}): Ledger<LedgerEntry> {
  return new Ledger({ workers: 3, placement: 'balanced', maxPerWorker: Infinity, ...rules })
}

function addAll(ledger: Ledger<LedgerEntry>, count: number, prefix = 'n'): LedgerEntry[] {
  return Array.from({ length: count }, (_, index) => {
    const entry = makeEntry(`${prefix}${index}`)
    ledger.add(entry)
    return entry
  })
}

function readCounts(ledger: Ledger<LedgerEntry>, workers: number): number[] {
  return Array.from({ length: workers }, (_, worker) => ledger.count(worker))
}

const spread = (counts: number[]): number => Math.max(...counts) - Math.min(...counts)

describe('Ledger', () => {
  it('spreads instances for balanced, and fills one worker after the other for packed', () => {
    assert.deepEqual(
      addAll(open(), 5).map(({ worker }) => worker),
      [0, 1, 2, 0, 1],
    )
    const packed = open({ placement: 'packed', maxPerWorker: 2 })
    assert.deepEqual(
      addAll(packed, 5).map(({ worker }) => worker),
      [0, 0, 1, 1, 2],
    )
  })

  it('says that all workers are full, and how many there are', () => {
    const ledger = open({ workers: 2, maxPerWorker: 2 })
    addAll(ledger, 4)
    assert.throws(() => ledger.add(makeEntry('five')), {
      code: 'ERR_EISENMP_FULL',
      message:
        'Cannot place instance "five": all 2 workers are full, with 2 instances each (maxPerWorker); stop some, or raise maxPerWorker or workers',
    })
    assert.equal(ledger.find('five'), undefined)
    assert.equal(ledger.size, 4)
  })

  it('refuses a name that is taken, and frees it', () => {
    const ledger = open()
    const [entry] = addAll(ledger, 1)
    assert.throws(() => ledger.add(makeEntry('n0')), { code: 'ERR_EISENMP_NAME', message: /there is one of that name/ })
    ledger.remove(entry!)
    ledger.add(makeEntry('n0'))
    // The name is another's now.
    ledger.remove(entry!)
    assert.equal(ledger.size, 1)
  })

  for (const name of ['', 'x'.repeat(201), 7, undefined, null, {}]) {
    it(`refuses ${typeof name === 'string' ? `a text of ${name.length}` : showValue(name)} as a name`, () => {
      assert.throws(() => open().checkName(name), { code: 'ERR_EISENMP_NAME', message: /1 to 200 characters$/ })
    })
  }

  for (const name of ['__proto__', 'constructor', 'toString', ' ', '☃']) {
    it(`takes ${JSON.stringify(name)} as a name like any other`, () => {
      const ledger = open()
      assert.throws(() => ledger.get(name), { code: 'ERR_EISENMP_NAME' })
      ledger.add(makeEntry(name))
      assert.equal(ledger.get(name).name, name)
    })
  }

  it('names the nearest one for an unknown name', () => {
    const ledger = open()
    ledger.add(makeEntry('nachtflug'))
    assert.throws(() => ledger.get('nachflug'), {
      code: 'ERR_EISENMP_NAME',
      message: 'Cannot find instance "nachflug": there is none; did you mean "nachtflug"?',
    })
  })

  it('places nobody on a closed worker', () => {
    const ledger = open()
    ledger.closeWorker(0)
    assert.deepEqual(
      addAll(ledger, 3).map(({ worker }) => worker),
      [1, 2, 1],
    )
    for (const worker of [1, 2]) ledger.closeWorker(worker)
    assert.throws(() => ledger.add(makeEntry('x')), { code: 'ERR_EISENMP_FULL', message: /no worker takes instances/ })
    ledger.openWorker(0)
    ledger.add(makeEntry('x'))
    assert.equal(ledger.get('x').worker, 0)
  })

  it('moves all instances of a worker, within the limit', () => {
    const ledger = open({ maxPerWorker: 3 })
    addAll(ledger, 6)
    assert.deepEqual(
      ledger.moveAll(1).map(({ name, worker }) => [name, worker]),
      [
        ['n1', 0],
        ['n4', 2],
      ],
    )
    assert.deepEqual(readCounts(ledger, 3), [3, 0, 3])
    assert.equal(ledger.isOpen(1), false)
  })

  it('moves none when there is no room for all', () => {
    const ledger = open({ maxPerWorker: 2 })
    addAll(ledger, 5)
    assert.throws(() => ledger.moveAll(1), { code: 'ERR_EISENMP_FULL' })
    assert.deepEqual(readCounts(ledger, 3), [2, 2, 1])
    assert.equal(ledger.isOpen(1), true)
  })

  it('takes a lost one out of the count, and keeps its name', () => {
    const ledger = open({ workers: 1, maxPerWorker: 1 })
    const [entry] = addAll(ledger, 1)
    ledger.unplace(entry!)
    assert.throws(() => ledger.checkName('n0'), { code: 'ERR_EISENMP_NAME' })
    ledger.add(makeEntry('x'))
    ledger.remove(entry!)
    assert.deepEqual(readCounts(ledger, 1), [1])
  })

  it('never exceeds maxPerWorker in 10 000 random creates and stops, whatever the placement', () => {
    const placements = [
      'balanced',
      'packed',
      ({ workers }) => workers.at(-1)!.index,
    ] satisfies LedgerRules['placement'][]
    for (const placement of placements) {
      const rules = { workers: 4, maxPerWorker: 5, placement }
      const ledger = open(rules)
      const random = seed(7)
      let full = 0
      for (let step = 0; step < 10_000; step++) {
        const names = ledger.list()
        if (random() < 0.55 && names.length < 20) ledger.add(makeEntry(`i${step}`))
        else if (names.length > 0 && random() < 0.9) ledger.remove(names[Math.floor(random() * names.length)]!)
        else if (names.length === 20) {
          assert.throws(() => ledger.add(makeEntry(`i${step}`)), { code: 'ERR_EISENMP_FULL' })
          full += 1
        }
        const counts = readCounts(ledger, 4)
        assert.ok(Math.max(...counts) <= 5, counts.join(' '))
        assert.equal(
          counts.reduce((a, b) => a + b),
          ledger.size,
        )
      }
      assert.ok(full > 0)
    }
  })

  it('keeps balanced never more than one apart while instances are only created', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 0, max: 100 }), (workers, count) => {
        const ledger = open({ workers })
        for (let n = 0; n < count; n++) {
          ledger.add(makeEntry(`n${n}`))
          assert.ok(spread(readCounts(ledger, workers)) <= 1)
        }
      }),
    )
  })

  it('never widens the gap of balanced by a create, and closes it with as many creates as are missing', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 1, maxLength: 30 }), (stops) => {
        const ledger = open({ workers: 3 })
        addAll(ledger, 30)
        for (const at of stops) {
          const entries = ledger.list()
          if (entries.length > 0) ledger.remove(entries[(at * 7) % entries.length]!)
        }
        const before = readCounts(ledger, 3)
        const missing = before.reduce((sum, count) => sum + Math.max(...before) - count, 0)
        let gap = spread(before)
        for (let n = 0; n < missing; n++) {
          ledger.add(makeEntry(`new${n}`))
          const now = spread(readCounts(ledger, 3))
          assert.ok(now <= Math.max(gap, 1))
          gap = now
        }
        assert.ok(gap <= 1)
      }),
    )
  })
})

/** Numbers that are the same in every run. */
function seed(start: number): () => number {
  let state = start
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
