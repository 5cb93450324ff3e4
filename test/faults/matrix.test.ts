/** What the matrix covers, and where the rest is: every name of a fault and of a promise has an answer here. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { allRows as rows } from './rows/all.ts'

const root = new URL('../../', import.meta.url)

/** Names that files beside the matrix are for: they are in the titles of their suites. */
const suites = ['channel.test.ts', 'interrupts.test.ts', 'programs.test.ts'].map(
  (name) => new URL(name, import.meta.url),
)

/** Not run here, and why. */
const elsewhere: Readonly<Record<string, string>> = {
  F10: 'memory outside the heap is not limited: the documentation says so',
  P22: 'leaks over many lives need hours or a bench; the balance after each row sees what a single life leaves',
}

function expand(letter: string, from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => `${letter}${from + i}`)
}

const faults = [...expand('F', 1, 29), 'F39']
const promises = [...expand('P', 1, 18), ...expand('P', 20, 23)]

function findCovered(): Set<string> {
  const covered = new Set<string>(rows.flatMap(({ covers }) => covers))
  for (const suite of suites)
    for (const [name] of readFileSync(suite, 'utf8').matchAll(/\b[FP]\d+\b/g)) covered.add(name)
  return covered
}

describe('the fault matrix', () => {
  it('has an answer for every fault and every promise', () => {
    const covered = findCovered()
    const open = [...faults, ...promises].filter((name) => !covered.has(name) && !(name in elsewhere))
    assert.deepEqual(open, [])
    assert.deepEqual(
      Object.keys(elsewhere).filter((name) => covered.has(name)),
      [],
      'what is covered needs no excuse',
    )
  })

  it('has a name of its own for every row of a backend', () => {
    const names = rows.map(({ name, on }) => `${name} ${on.join()}`)
    assert.deepEqual(
      names.filter((name, i) => names.indexOf(name) !== i),
      [],
    )
  })
})

/** In a thread they end the program, or nothing ends them: so they are told, not run. */
const told: Readonly<Record<string, RegExp>> = {
  'one big Map that fills the heap ends the program': /`Map`[^\n]*ends the program/,
  'Buffers are not limited by resourceLimits': /Buffers[^\n]*(not limited|no limit)/i,
  'a crash in native code ends the program': /native code[^\n]*ends the program/i,
  'a native call that blocks cannot be ended': /blocks? in (a native call|native code)/i,
  'such a thread is written off': /written off/,
  'the program then ends by a signal': /SIGKILL/,
}

describe('what no program can stop in a thread (F8, F9, F10, F11)', () => {
  const pages = ['docs/backends.md', 'docs/failures.md'].map((page) => new URL(page, root))
  for (const [what, pattern] of Object.entries(told)) {
    it(`is in the documentation: ${what}`, () => {
      const text = pages.filter((page) => existsSync(page)).map((page) => readFileSync(page, 'utf8'))
      assert.match(text.join('\n'), pattern)
    })
  }
})
