import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { countGroupWorkers, parseCores, parseGroup } from '../../src/cli/group-flag.ts'
import { UsageError } from '../../src/cli/usage.ts'

describe('--group', () => {
  for (const [text, expected] of [
    ['red=127.0.0.1:11000-11003@0,1', { address: '127.0.0.1', ports: { from: 11_000, to: 11_003 }, cores: [0, 1] }],
    ['red=[::1]:11000-11003@0,1', { address: '::1', ports: { from: 11_000, to: 11_003 }, cores: [0, 1] }],
    ['red=[fe80::1%eth0]:80', { address: 'fe80::1%eth0', ports: 80 }],
    ['red=[::1]', { address: '::1' }],
    ['red=eth1:15000,15002', { adapter: 'eth1', ports: [15_000, 15_002] }],
    ['red=eth1', { adapter: 'eth1' }],
    ['red=127.0.0.1', { address: '127.0.0.1' }],
    ['red=11000', { ports: 11_000 }],
    ['red=:11000-11010/5', { ports: { from: 11_000, to: 11_010, step: 5 } }],
    ['red=auto@each', { ports: 'auto', cores: 'each' }],
    ['red*3=127.0.0.1:8080@0-2,5', { workers: 3, address: '127.0.0.1', ports: 8080, cores: [0, 1, 2, 5] }],
  ] as const) {
    test(`reads ${text}`, () => assert.deepEqual(parseGroup(text), { name: 'red', workers: undefined, ...expected }))
  }

  for (const [text, reason] of [
    ['', /there is no name and = before it/],
    ['red', /there is no name and = before it/],
    ['=127.0.0.1:80', /there is no name and = before it/],
    ['red=', /there is nothing after =/],
    ['red*0=80', /0 is no count of workers/],
    ['red=127.0.0.1:', /nothing stands where ports should be/],
    ['red=127.0.0.1:x', /x stands where ports should be/],
    ['red=127.0.0.1:80@', /nothing after @ is no list of cores/],
    ['red=127.0.0.1:80@3-1', /3-1 after @ is no list of cores/],
    ['red=::1', /an IPv6 address stands in brackets: \[::1\]:3000/],
    ['red=[127.0.0.1]:80', /\[127\.0\.0\.1\] is no IPv6 address/],
  ] as const) {
    test(`refuses ${text || 'an empty text'} with the reason and the right form`, () => {
      assert.throws(
        () => parseGroup(text),
        (error) => error instanceof UsageError && reason.test(error.message) && error.message.includes('as red='),
      )
    })
  }

  test('either reads a text or refuses it, whatever it is', () => {
    const piece = fc.constantFrom('=', '*', ':', '@', '-', ',', '/', '[', ']', '::1', '127.0.0.1', '80', 'red', 'each')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        try {
          assert.ok(parseGroup(pieces.join('')).name !== '')
        } catch (error) {
          assert.ok(error instanceof UsageError, String(error))
        }
      }),
    )
  })

  test('reads lists of cores, and none that would be endless', () => {
    assert.deepEqual(parseCores('0-2,7'), [0, 1, 2, 7])
    assert.equal(parseCores('0-99999'), null)
    assert.equal(parseCores('a'), null)
  })

  test('without a count has a worker for each port; alone it has all of a known number', () => {
    const count = (text: string, isOnlyOne: boolean, workers?: number): number | 'rest' =>
      countGroupWorkers(parseGroup(text), isOnlyOne, workers)
    assert.equal(count('red=11000-11003', false), 4)
    assert.equal(count('red=11000-11010/5', true), 3)
    assert.equal(count('red=1,2', false, 8), 2)
    assert.equal(count('red=11000', false), 'rest')
    assert.equal(count('red=11000-11003', true, 2), 'rest')
    assert.equal(count('red*2=11000-11003', true, 2), 2)
  })
})
