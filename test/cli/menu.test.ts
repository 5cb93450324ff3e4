import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import type { ReadStream, WriteStream } from 'node:tty'
import { showMenu } from '../../src/cli/menu.ts'

const entries = Array.from({ length: 12 }, (_, i) => ({ name: `example-${i + 1}`, text: 'what it shows' }))

/** Two streams with what the menu uses of a terminal. */
function openTerminal() {
  const raw: boolean[] = []
  const input = Object.assign(new PassThrough(), { setRawMode: (mode: boolean) => raw.push(mode) })
  const output = Object.assign(new PassThrough(), { columns: 80, rows: 24 })
  let screen = ''
  output.setEncoding('utf8').on('data', (data: string) => (screen += data))
  const shown = showMenu(entries, input as unknown as ReadStream, output as unknown as WriteStream)
  return { input, output, raw, shown, read: () => screen }
}

for (const [name, keys, expected] of [
  ['an arrow and Enter', '\u001b[B\r', { kind: 'chosen', index: 1 }],
  ['a number of one digit', '7', { kind: 'chosen', index: 6 }],
  ['a number of two digits', '12', { kind: 'chosen', index: 11 }],
  ['a digit after which none follows', '1', { kind: 'chosen', index: 0 }],
  ['Ctrl-C', '\u0003', { kind: 'left', exitCode: 130 }],
  ['q', 'q', { kind: 'left', exitCode: 0 }],
] as const) {
  test(`showMenu() ends by ${name}, and leaves the terminal as it was`, async () => {
    const signals = process.listenerCount('SIGTERM')
    const { input, output, raw, shown, read } = openTerminal()
    input.write(keys)
    assert.deepEqual(await shown, expected)
    assert.deepEqual(raw, [true, false])
    assert.ok(input.isPaused())
    assert.equal(input.listenerCount('keypress') + output.listenerCount('resize'), 0)
    assert.equal(process.listenerCount('SIGTERM'), signals)
    await new Promise(setImmediate)
    assert.ok(read().startsWith('\u001b[?1049h\u001b[?25l') && read().endsWith('\u001b[?25h\u001b[?1049l'))
  })
}

test('showMenu() is left when the input ends', async () => {
  const { input, shown } = openTerminal()
  input.end()
  assert.deepEqual(await shown, { kind: 'left', exitCode: 0 })
})

test('showMenu() paints anew when the size changes', async () => {
  const { input, output, shown, read } = openTerminal()
  Object.assign(output, { columns: 30 }).emit('resize')
  input.write('q')
  await shown
  await new Promise(setImmediate)
  const [, first, second] = read().split('\u001b[H\u001b[2J')
  assert.ok(first?.includes('what it shows'))
  assert.ok(second?.includes('example-12') && !second.includes('what it shows'))
})
