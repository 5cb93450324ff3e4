import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { it } from 'node:test'
import { readClock } from '../../src/internal/clock.ts'

it('readClock() never goes back', () => {
  let last = readClock()
  for (let i = 0; i < 1000; i++) {
    const now = readClock()
    assert.ok(now >= last)
    last = now
  }
})

it('readClock() is the same clock in every process of the machine', () => {
  const url = new URL('../../src/internal/clock.ts', import.meta.url).href
  const script = `import { readClock } from ${JSON.stringify(url)}; console.log(readClock())`
  const before = readClock()
  const between = Number(
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' }),
  )
  assert.ok(before < between && between < readClock())
})
