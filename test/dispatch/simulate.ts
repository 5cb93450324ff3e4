import assert from 'node:assert/strict'
import { Dispatcher } from '../../src/dispatch/dispatcher.ts'
import type { DispatchPolicy } from '../../src/dispatch/events.ts'
import { happen, happenCalmly } from './happenings.ts'
import type { Subject } from './invariants.ts'
import { CANCELLED, type Item } from './ledger.ts'
import type { Nature, WorldPlan } from './plan.ts'
import { SimulatedWorld, type Step } from './simulated-world.ts'

/** Steps that are shown when one of them broke a rule. */
const SHOWN_STEPS = 25

/** Events that a world may still need once nothing goes wrong any more. */
function countBound(plan: WorldPlan): number {
  const items = plan.jobs.reduce((sum, { sizes }) => sum + sizes.reduce((all, size) => all + size, 0), plan.calls)
  return 500 + 20 * items
}

function settleDown(world: SimulatedWorld): void {
  const start = world.trace.length
  const bound = countBound(world.plan)
  while (happenCalmly(world)) {
    if (world.trace.length - start > bound) assert.fail(`not quiet after ${bound} events without a fault`)
  }
  const { pending, held } = world.ledger
  if (!world.isOver) assert.fail(`nothing can happen any more, with ${pending} items waiting and ${held} held`)
}

/** How items end when only they themselves cause trouble. */
const ENDS: Readonly<Record<Nature, readonly string[]>> = {
  ok: ['ok'],
  throws: ['task'],
  throwsOnce: ['ok', 'task'],
  refused: ['clone'],
  kills: ['crash'],
  killsOnce: ['ok'],
  slow: ['timeout'],
  slowOnce: ['ok', 'timeout'],
  hangs: ['timeout'],
  hangsOnce: ['ok', 'timeout'],
}

function checkItem(item: Item, { faults, marks, retries }: WorldPlan): void {
  const { outcome, nature, index, serial, place } = item
  if (place === CANCELLED) return
  if (outcome === undefined) return assert.fail(`item ${index} of chunk ${serial} has no outcome`)
  if (faults || ENDS[nature].includes(outcome)) return
  // What shared a unit with the one that ended the worker may have been started too.
  if (retries.crash === 0 && outcome === 'unknown') return
  // Only the unit was known, so any failure in it may have been the late one.
  if (marks !== 'item' && outcome === 'timeout' && nature !== 'ok') return
  assert.fail(`item ${index} of chunk ${serial} is ${nature} and ended as ${outcome}`)
}

/** Whatever comes now comes too late. */
function knockOnce(world: SimulatedWorld): void {
  const death = { worker: 'nobody', code: 0, signal: null, reason: '', stderr: '' }
  const events = [
    ...world.stale,
    { type: 'overdue', worker: 'nobody', unit: 1 },
    { type: 'timedOut', worker: 'nobody', unit: 1, offset: 0 },
    { type: 'gone', worker: 'nobody', mark: undefined, death },
    { type: 'ready', worker: 'late' },
    { type: 'closing' },
  ] as const
  for (const event of events) {
    const [first] = world.post(event)
    if (first !== undefined) assert.fail(`all is over, and yet: ${JSON.stringify(first)}`)
  }
}

function showSteps(trace: readonly Step[]): string {
  const shown = trace.slice(-SHOWN_STEPS).map(({ event, instructions }) => {
    return [JSON.stringify(event), ...instructions.map((instruction) => `    ${JSON.stringify(instruction)}`)].join(
      '\n',
    )
  })
  return shown.join('\n')
}

export function createDispatcher(policy: DispatchPolicy): Subject {
  return new Dispatcher(policy)
}

/**
 * Runs one world to its end.
 *
 * @throws AssertionError at the first step that breaks a rule, with the steps before it.
 */
export function simulate(plan: WorldPlan, create: (policy: DispatchPolicy) => Subject = createDispatcher): Step[] {
  const policy = { retries: plan.retries, recycleAfterItems: plan.recycleAfterItems }
  const subject = create(policy)
  let world: SimulatedWorld | undefined
  try {
    world = new SimulatedWorld(plan, subject)
    for (const choice of plan.choices) if (!happen(world, choice)) break
    settleDown(world)
    for (const item of world.ledger.chunks.flatMap(({ items }) => items)) checkItem(item, plan)
    knockOnce(world)
    return world.trace
  } catch (error) {
    const steps = world === undefined ? '' : `\n${showSteps(world.trace)}`
    throw new Error(`${(error as Error).message}${steps}`, { cause: error })
  }
}
