import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { permutations } from '../../src/index.ts'
import { arrangements, countArrangements, sortLetters } from '../../examples/lib/arrangements.ts'

const fewLetters = fc.array(fc.constantFrom('a', 'b', 'c', 'ä'), { maxLength: 7 }).map((letters) => letters.join(''))

/** The simplest way there is: all n! orders, then a set. */
function arrangeNaively(letters: string): string[] {
  if (letters === '') return ['']
  const found = new Set<string>()
  for (let i = 0; i < letters.length; i += 1) {
    for (const rest of arrangeNaively(letters.slice(0, i) + letters.slice(i + 1))) found.add(letters[i]! + rest)
  }
  return [...found].toSorted()
}

test('arrangements() makes each distinct arrangement once, in lexicographic order', () => {
  fc.assert(
    fc.property(fewLetters, (letters) => {
      assert.deepEqual([...arrangements(letters)], arrangeNaively(letters))
    }),
  )
})

test('arrangements() are those that the workers make of permutations(), in the same order', () => {
  fc.assert(
    fc.property(fewLetters, (letters) => {
      assert.deepEqual([...permutations(letters)], [...arrangements(letters)])
    }),
  )
})

test('countArrangements() is n! divided by the factorial of each letter', () => {
  fc.assert(
    fc.property(fewLetters, (letters) => {
      assert.equal(countArrangements(letters), arrangeNaively(letters).length)
    }),
  )
  assert.equal(countArrangements('cfhhilorrs'), 907_200)
  assert.equal(countArrangements('abcilnorsu'), 3_628_800)
})

test('arrangements() of ten letters ascend strictly, so that none comes twice', () => {
  let count = 0
  let previous = ''
  for (const word of arrangements('cfhhilorrs')) {
    if (word <= previous) assert.fail(`${word} came after ${previous}`)
    previous = word
    count += 1
  }
  assert.equal(count, 907_200)
})

test('sortLetters() is the same exactly for arrangements of the same letters', () => {
  assert.equal(sortLetters('schilfrohr'), sortLetters('rohrschilf'))
  assert.notEqual(sortLetters('schilfrohr'), sortLetters('schilfrohe'))
})
