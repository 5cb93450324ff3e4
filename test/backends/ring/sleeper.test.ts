import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createRing, openRing } from '../../../src/backends/ring/byte-ring.ts'
import { Sleeper } from '../../../src/backends/ring/sleeper.ts'

type Steps = Generator<void, void, void>

/** A reader in its event loop, and a writer, each cut where the other can come in between. */
class World {
  readonly sleeper: Sleeper = new Sleeper(openRing(createRing(64)).control)
  /** What the event loop will bring. */
  readonly events: ('bell' | 'message')[] = []
  published = 0
  read = 0

  get unread(): number {
    return this.published - this.read
  }

  *write(records: readonly boolean[], interrupt: () => void): Steps {
    for (const isRecord of records) {
      if (isRecord) {
        this.published += 1
        yield
        if (this.sleeper.wake()) this.events.push('bell')
      } else {
        this.events.push('message')
        yield
        interrupt()
      }
      yield
    }
  }

  /** Reads when the loop brings something, and rests again; ends when nothing more can come. */
  *react(isOver: () => boolean): Steps {
    yield* this.rest()
    while (!isOver() || this.events.length > 0) {
      if (this.events.shift() !== undefined) yield* this.rest()
      yield
    }
  }

  *rest(): Steps {
    for (;;) {
      this.read = this.published
      yield
      this.sleeper.sleepInLoop()
      yield
      if (this.unread === 0) return
      this.sleeper.rouse()
      yield
    }
  }
}

/** Runs both in an order that `picks` gives; how many records were left unread. */
function play(records: readonly boolean[], picks: readonly boolean[], interrupt: (world: World) => void): number {
  const world = new World()
  let isOver = false
  const writer = world.write(records, () => interrupt(world))
  const reader = world.react(() => isOver)
  let turn = 0
  while (!isOver) {
    if (picks[turn++ % picks.length] === true) isOver = writer.next().done === true
    else reader.next()
  }
  for (const _ of reader);
  return world.unread
}

const sends = fc.array(fc.boolean(), { maxLength: 8 })
const order = fc.array(fc.boolean(), { minLength: 1, maxLength: 80 }).map((picks) => [...picks, true])

describe('a sleeper', () => {
  it('loses no wake-up, in whatever order the steps of both sides come', () => {
    const property = fc.property(sends, order, (records, picks) => {
      assert.equal(
        play(records, picks, ({ sleeper }) => sleeper.interrupt()),
        0,
      )
    })
    fc.assert(property, { numRuns: 20_000 })
  })

  it('would lose one if a message of the port woke as a record does: this test can fail', () => {
    const property = fc.property(sends, order, (records, picks) => {
      assert.equal(
        play(records, picks, ({ sleeper }) => sleeper.wake()),
        0,
      )
    })
    assert.throws(() => fc.assert(property, { numRuns: 20_000 }))
  })

  it('is told once of several records in a row', () => {
    const { control } = openRing(createRing(64))
    const sleeper = new Sleeper(control)
    assert.equal(sleeper.wake(), false)
    sleeper.sleepInLoop()
    assert.deepEqual([sleeper.wake(), sleeper.wake()], [true, false])
  })

  it('does not wait when there is something, and no longer than it may', () => {
    const sleeper = new Sleeper(openRing(createRing(64)).control)
    sleeper.sleepInWait(() => false, 1e9)
    sleeper.sleepInWait(() => true, 1)
    assert.equal(sleeper.wake(), false)
  })
})
