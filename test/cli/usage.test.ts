import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findClosest, suggest } from '../../src/cli/usage.ts'

const names = ['primes', 'two-lines', 'two-queues', 'letter-puzzle']

for (const [wrong, meant] of [
  ['prims', 'primes'],
  ['prmes', 'primes'],
  ['letter', 'letter-puzzle'],
  ['two-qeues', 'two-queues'],
  ['letterpuzle', 'letter-puzzle'],
] as const) {
  test(`findClosest() takes ${wrong} for ${meant}`, () => assert.equal(findClosest(wrong, names), meant))
}

test('findClosest() finds nothing where nothing is near', () => {
  assert.equal(findClosest('server', names), undefined)
  assert.equal(findClosest('anything', []), undefined)
})

test('suggest() asks, or says where to look; capitals do not matter', () => {
  assert.equal(suggest('PRIMES', names, 'see the list'), 'did you mean primes?')
  assert.equal(suggest('server', names, 'see the list'), 'see the list')
})
