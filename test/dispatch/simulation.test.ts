/**
 * The dispatcher in random worlds. `EISENMP_SEEDS` says how many; a failing one is made small and printed with the
 * `EISENMP_SEED` and `EISENMP_PATH` that bring it back.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { type WorldPlan, worldPlan } from './plan.ts'
import { createDispatcher, simulate } from './simulate.ts'

const { EISENMP_SEEDS = '10000', EISENMP_SEED, EISENMP_PATH } = process.env

test('the dispatcher keeps its rules in random worlds', { timeout: 3_600_000 }, (t) => {
  const seed = EISENMP_SEED === undefined ? {} : { seed: Number(EISENMP_SEED) }
  const path = EISENMP_PATH === undefined ? {} : { path: EISENMP_PATH }
  const property = fc.property(worldPlan, (plan) => void simulate(plan))
  const details = fc.check(property, { numRuns: Number(EISENMP_SEEDS), ...seed, ...path })
  t.diagnostic(`seed ${details.seed}, ${details.numRuns} worlds`)
  if (!details.failed) return
  const variables = `EISENMP_SEED=${details.seed} EISENMP_PATH=${details.counterexamplePath}`
  const reason = (details.errorInstance as Error).message
  const world = JSON.stringify(details.counterexample)
  throw new Error(`${reason}\nWorld: ${world}\nReplay: ${variables} node --test test/dispatch/simulation.test.ts`)
})

function hashTraces(plans: readonly WorldPlan[]): string {
  const hash = createHash('sha256')
  for (const plan of plans) hash.update(JSON.stringify(simulate(plan)))
  return hash.digest('hex')
}

test('the same worlds give the same traces', (t) => {
  const plans = fc.sample(worldPlan, { numRuns: 200, seed: 20 })
  const first = hashTraces(plans)
  assert.equal(hashTraces(plans), first)
  // The same on every Node, so that a replay elsewhere is one.
  t.diagnostic(`trace hash ${first}`)
})

test('a list of events always gives the same instructions', () => {
  for (const plan of fc.sample(worldPlan, { numRuns: 100, seed: 21 })) {
    const { retries, recycleAfterItems } = plan
    const dispatcher = createDispatcher({ retries, recycleAfterItems })
    for (const { event, instructions } of simulate(plan)) assert.deepEqual(dispatcher.step(event), instructions)
  }
})
