import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { permutations } from '../../src/sources/permutations.ts'

describe('permutations()', () => {
  it('gives distinct arrangements in order', () => {
    assert.deepEqual([...permutations('aba')], ['aab', 'aba', 'baa'])
    assert.deepEqual([...permutations('')], [''])
    assert.deepEqual([...permutations('😀a')], ['a😀', '😀a'])
    const many = [...permutations('abcdefg')]
    assert.equal(many.length, 5040)
    assert.deepEqual(many, [...new Set(many)].toSorted())
    assert.deepEqual([...permutations('abcdefg').slice(2000, 2003)], many.slice(2000, 2003))
  })

  it('knows how many there are, and any of them, beyond 2^53', () => {
    const word = 'abcdefghijklmnopqrstuvwxy'
    assert.equal(permutations(word).length, 15_511_210_043_330_985_984_000_000n)
    assert.deepEqual([...permutations(word).slice(0, 2)], [word, 'abcdefghijklmnopqrstuvwyx'])
    const last = permutations(word, { from: 15_511_210_043_330_985_984_000_000n - 2n })
    assert.deepEqual([...last], ['yxwvutsrqponmlkjihgfedcab', 'yxwvutsrqponmlkjihgfedcba'])
    assert.equal(permutations('ab', { from: 1, to: 9 }).length, 1)
    assert.equal(permutations('ab', { from: 9 }).length, 0)
  })

  it('refuses what is no word', () => {
    assert.throws(() => permutations(['a'] as never), { code: 'ERR_EISENMP_OPTION' })
    assert.throws(() => permutations('ab', { from: -1 }), { code: 'ERR_EISENMP_OPTION' })
  })
})
