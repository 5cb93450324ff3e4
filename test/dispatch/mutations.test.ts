import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { mutants } from './mutants.ts'
import { worldPlan } from './plan.ts'
import { simulate } from './simulate.ts'

/** So few worlds must do; the simulation itself goes through many more. */
const WORLDS = 400
const plans = fc.sample(worldPlan, { numRuns: WORLDS, seed: 1 })

for (const [name, create] of mutants) {
  test(`the simulation notices when ${name}`, (t) => {
    const world = plans.findIndex((plan) => {
      try {
        simulate(plan, create)
        return false
      } catch {
        return true
      }
    })
    assert.notEqual(world, -1, `not noticed in ${WORLDS} worlds`)
    t.diagnostic(`in world ${world + 1}`)
  })
}

test('the simulation has nothing against the dispatcher in the same worlds', () => {
  for (const plan of plans) simulate(plan)
})
