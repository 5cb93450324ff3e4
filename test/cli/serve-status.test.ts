import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openServedPlace, servedModule as module } from '../support/served-place.ts'
import { bin } from '../support/served.ts'
import { noTerminal, runInTerminal } from '../support/terminal.ts'

const { env } = openServedPlace()

describe('what eisenmp serve says in a terminal', { skip: noTerminal }, () => {
  const args = [bin, 'serve', module, '--workers', '2', '--backend', 'threads']

  test('drains by Ctrl-C, in colours', async () => {
    const { code, screen, isRaw } = await runInTerminal([...args, '--port', '0'], [['twice ends', '\u0003']], { env })
    assert.deepEqual([code, isRaw], [130, false], screen)
    assert.ok(screen.includes('\u001b[1mcli\u001b[22m: 2 workers'), JSON.stringify(screen))
    assert.ok(!screen.includes('\u001b]52') && !screen.includes('\u009b'), JSON.stringify(screen))
  })

  test('has room on a narrow one', async () => {
    const size = { columns: 24, rows: 10, env: { ...env, NO_COLOR: '1' } }
    const { code, screen } = await runInTerminal([...args, '--port', '0'], [['twice ends', '\u0003']], size)
    assert.equal(code, 130, screen)
    assert.match(screen, /\n127\.0\.0\.1:\d+\r?\n {2}main-0, main-1\r?\n/)
  })
})
