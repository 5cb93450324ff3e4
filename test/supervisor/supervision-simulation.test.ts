/**
 * The supervision in random worlds: workers get ready late or never, crash, hang while they drain, are unhealthy, and
 * reloads and closes come at any time. `EISENMP_SEEDS` says how many; a failing one is made small and printed with the
 * `EISENMP_SEED` and `EISENMP_PATH` that bring it back.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Supervision } from '../../src/supervisor/supervision.ts'
import { SupervisedWorld, simulate, worldPlan } from './supervision-world.ts'

const { EISENMP_SEEDS = '2000', EISENMP_SEED, EISENMP_PATH } = process.env

test('the supervision keeps its rules in random worlds', { timeout: 3_600_000 }, (t) => {
  const seed = EISENMP_SEED === undefined ? {} : { seed: Number(EISENMP_SEED) }
  const path = EISENMP_PATH === undefined ? {} : { path: EISENMP_PATH }
  const property = fc.property(worldPlan, (plan) => void simulate(plan))
  const details = fc.check(property, { numRuns: Number(EISENMP_SEEDS), ...seed, ...path })
  t.diagnostic(`seed ${details.seed}, ${details.numRuns} worlds`)
  if (!details.failed) return
  const variables = `EISENMP_SEED=${details.seed} EISENMP_PATH=${details.counterexamplePath}`
  const reason = (details.errorInstance as Error).message
  const world = JSON.stringify(details.counterexample)
  const file = 'test/supervisor/supervision-simulation.test.ts'
  throw new Error(`${reason}\nWorld: ${world}\nReplay: ${variables} node --test ${file}`)
})

test('worlds reach every instruction', () => {
  const kinds = new Set<string>()
  for (const plan of fc.sample(worldPlan, { numRuns: 300, seed: 20 }))
    for (const { instructions } of simulate(plan)) for (const { kind } of instructions) kinds.add(kind)
  const all = ['start', 'drain', 'kill', 'set-timer', 'clear-timer', 'up', 'gave-up', 'reloaded', 'retired', 'closed']
  assert.deepEqual([...kinds].sort(), all.sort())
})

test('a list of events always gives the same instructions', () => {
  for (const plan of fc.sample(worldPlan, { numRuns: 100, seed: 21 })) {
    let again!: Supervision
    const trace = new SupervisedWorld(plan, (rules, seats) => {
      again = new Supervision(rules, seats)
      return new Supervision(rules, seats)
    }).run()
    for (const { event, nowMs, random, instructions } of trace)
      assert.deepEqual(again.handle(event, nowMs, random), instructions)
  }
})
