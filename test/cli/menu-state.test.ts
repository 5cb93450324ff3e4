import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseTyped, press } from '../../src/cli/menu-state.ts'
import type { MenuState, MenuStep } from '../../src/cli/menu-state.ts'

const start: MenuState = { marked: 0, typed: '' }

/** Presses keys one after another until the menu ends or no key is left. */
function pressAll(keys: readonly string[], count: number, from: MenuState = start): MenuStep {
  let step: MenuStep = { kind: 'on', state: from }
  for (const name of keys) if (step.kind === 'on') step = press(step.state, { name }, count)
  return step
}

test('press() moves the mark by arrows, round at both ends', () => {
  assert.deepEqual(pressAll(['down', 'down', 'up', 'return'], 5), { kind: 'chosen', index: 1 })
  assert.deepEqual(pressAll(['up', 'return'], 5), { kind: 'chosen', index: 4 })
  assert.deepEqual(pressAll(['end', 'down', 'return'], 5), { kind: 'chosen', index: 0 })
  assert.deepEqual(pressAll(['j', 'j', 'k', 'space'], 5), { kind: 'chosen', index: 1 })
})

test('press() chooses every number that is typed, at once unless another digit could follow', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 120 }), fc.nat(), (count, seed) => {
      const number = (seed % count) + 1
      const step = pressAll([...String(number)], count)
      const isFinal = number * 10 > count
      const expected = { kind: 'chosen', index: number - 1 }
      if (isFinal) assert.deepEqual(step, expected)
      else {
        assert.ok(step.kind === 'on')
        assert.deepEqual(chooseTyped(step.state), expected)
        assert.deepEqual(press(step.state, { name: 'return' }, count), expected)
      }
    }),
  )
})

test('press() begins anew with a digit that makes no number of an entry', () => {
  assert.deepEqual(pressAll(['1', '9'], 15), { kind: 'chosen', index: 8 })
  assert.deepEqual(pressAll(['0'], 15), { kind: 'on', state: start })
})

test('press() leaves with 130 by Ctrl-C, with 0 by q, Ctrl-D and Escape; Escape first forgets a number', () => {
  assert.deepEqual(press(start, { name: 'c', ctrl: true }, 5), { kind: 'left', exitCode: 130 })
  assert.deepEqual(press(start, { name: 'd', ctrl: true }, 5), { kind: 'left', exitCode: 0 })
  assert.deepEqual(pressAll(['q'], 5), { kind: 'left', exitCode: 0 })
  assert.deepEqual(pressAll(['escape'], 5), { kind: 'left', exitCode: 0 })
  assert.deepEqual(pressAll(['1', 'escape'], 15), { kind: 'on', state: start })
})

test('press() stays inside the entries whatever is pressed', () => {
  const key = fc.constantFrom('up', 'down', 'home', 'end', 'pageup', 'x', '', '0', '1', '2', 'escape', 'tab')
  fc.assert(
    fc.property(fc.array(key), fc.integer({ min: 1, max: 30 }), (keys, count) => {
      const step = pressAll(keys, count)
      const index = step.kind === 'on' ? step.state.marked : step.kind === 'chosen' ? step.index : 0
      assert.ok(index >= 0 && index < count)
    }),
  )
})
