/**
 * The channel between a worker and its owner, broken on purpose: whatever comes in, only that worker is ended, and what
 * the others answer stands.
 */
import fc from 'fast-check'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FrameError, FrameReader, encodeFrame } from '../../src/backends/frames.ts'
import { type BackendName, EisenmpError, type Pool } from '../../src/index.ts'
import { isFromWorker } from '../../src/protocol/messages.ts'
import type * as Rogues from '../fixtures/rogue.worker.ts'
import { readChain } from './chain.ts'
import { stretch, until, within } from './deadline.ts'
import { Scene } from './scene.ts'

const modules = new URL('../fixtures/rogue.worker.ts', import.meta.url)
const timeout = stretch(40_000)
const seed = 20260219

const honest = {
  kind: 'results',
  unit: 1,
  attempt: 1,
  count: 1,
  last: true,
  values: [1],
  failures: [],
  ms: 1,
  heapMb: 1,
}

function frame(value: unknown): Buffer {
  return encodeFrame(value)
}

function header(length: number, checksum: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32LE(length, 0)
  bytes.writeUInt32LE(checksum, 4)
  return bytes
}

/** A valid frame with some bytes of it changed. */
function corrupt(at: number): Buffer {
  const bytes = frame(honest)
  bytes[at] = bytes[at]! ^ 0x55
  return bytes
}

const brokenBytes: Readonly<Record<string, Buffer>> = {
  garbage: Buffer.from('this is no frame, and never was one'),
  zeros: Buffer.alloc(64),
  'a length of 4 GB': header(0xffff_ffff, 0),
  'a length just over the limit': header(1024 * 1024 * 1024 + 1, 0),
  'a wrong checksum': corrupt(6),
  'a flipped bit in the body': corrupt(20),
  'an empty frame': header(0, 0),
  'a body of another format': Buffer.concat([header(4, 0x8587_d865), Buffer.from('json')]),
}

const brokenMessages: Readonly<Record<string, readonly unknown[]>> = {
  'an internal command of Node': [{ cmd: 'NODE_HANDLE', type: 'net.Socket' }],
  'another internal command': [{ cmd: 'NODE_x' }],
  'a number': [7],
  nothing: [undefined],
  'ready twice': [{ kind: 'ready', tasks: ['misbehave'], version: '0' }],
  'ready with numbers for tasks': [{ kind: 'ready', tasks: [1], version: '0' }],
  'a failed start after it was ready': [{ kind: 'startFailed', error: {} }],
  'a failed start that says nothing': [{ kind: 'startFailed', error: undefined }],
  'an unknown kind': [{ kind: 'constructor' }],
  'a negative count': [{ ...honest, count: -1 }],
  'values that are no array': [{ ...honest, values: { length: 1 } }],
  'failures out of order': [
    {
      ...honest,
      count: 3,
      failures: [
        { offset: 2, at: 0, cause: 'task', error: {} },
        { offset: 1, at: 0, cause: 'task', error: {} },
      ],
    },
  ],
  'a sparse array of 4,000,000,000 values': [{ ...honest, values: Object.assign([], { length: 4_000_000_000 }) }],
}

const circle: { kind: string; parts: object } = { kind: 'error', parts: {} }
Object.assign(circle.parts, {
  base: 'Error',
  className: 'E',
  name: 'E',
  message: '',
  stack: '',
  fields: [],
  cause: circle,
})

function failWith(error: unknown): unknown {
  return { ...honest, values: [], failures: [{ offset: 0, at: 0, cause: 'task', error }] }
}

/** Sent for the unit that is in work: the errors in them would be made again in the program. */
const brokenErrors: Readonly<Record<string, unknown>> = {
  'an error without parts': failWith({ kind: 'error' }),
  'a number for an error': failWith(7),
  'an error in a circle': failWith(circle),
  'an error with numbers for its fields': failWith({
    kind: 'error',
    parts: { ...circle.parts, cause: undefined, fields: [7] },
  }),
}

/** Answers to what it was never asked are dropped and counted: the worker may go on. */
const strayMessages: Readonly<Record<string, readonly unknown[]>> = {
  'an answer for no unit': [{ ...honest, unit: 999_999 }],
  'an answer of an old attempt': [{ ...honest, attempt: 77 }],
  'a hundred answers': Array.from({ length: 100 }, (_, i) => ({ ...honest, unit: 1000 + i })),
}

async function play(backend: BackendName, act: (pool: Pool<typeof Rogues>) => Promise<void>): Promise<void> {
  const scene = new Scene(backend)
  try {
    const options = { modules, workers: 2, retries: { crash: 0 }, restarts: { max: 1000, withinMs: 60_000 } }
    await act(await scene.open<typeof Rogues>(options))
  } finally {
    await scene.close()
  }
}

/** One rogue among honest items: each item has one outcome, the honest ones their own value. */
async function mix(
  pool: Pool<typeof Rogues>,
  what: string,
  rogue: Omit<Rogues.Rogue, 'id'>,
  isEnded: boolean,
): Promise<void> {
  const calls = [
    pool.run('behave', { id: 1 }),
    pool.run('misbehave', { ...rogue, id: 2 }),
    pool.run('behave', { id: 3 }),
    pool.run('behave', { id: 4 }),
  ]
  const ends = await within(what, Promise.allSettled(calls))
  ends.forEach((end, i) => {
    if (end.status === 'fulfilled') return assert.equal(end.value, i + 1, what)
    assert.ok(i === 1 && isEnded, `${what}: item ${i + 1} failed: ${readChain(end.reason)}`)
    assert.ok(EisenmpError.is(end.reason), what)
  })
  if (isEnded)
    await until(`${what}: the rogue is replaced`, () => pool.stats().workers.every(({ state }) => state === 'idle'))
}

async function endEach(
  backend: BackendName,
  rogues: Iterable<readonly [string, Omit<Rogues.Rogue, 'id'>]>,
): Promise<void> {
  await play(backend, async (pool) => {
    for (const [what, rogue] of rogues) {
      const before = pool.stats().workers.reduce((sum, { restarts }) => sum + restarts, 0)
      await mix(pool, what, rogue, true)
      const now = pool.stats().workers.reduce((sum, { restarts }) => sum + restarts, 0)
      assert.equal(now, before + 1, `${what}: one worker is ended, and only that one`)
    }
  })
}

describe('a worker that breaks its channel (F16, F19, P3, P13)', () => {
  it('is ended alone, whatever bytes a process writes', { timeout }, () =>
    endEach(
      'processes',
      Object.entries(brokenBytes).map(([what, bytes]) => [what, { bytes: bytes.toString('base64') }]),
    ),
  )

  for (const backend of ['threads', 'processes'] as const) {
    // The check is the same for both; a process takes half a second to be replaced.
    const tried = Object.entries(brokenMessages).filter((_, i) => backend === 'threads' || i % 4 === 0)
    it(`is ended alone, whatever messages it sends, on ${backend}`, { timeout }, () =>
      endEach(backend, [
        ...tried.map(([what, sent]) => [what, { messages: sent }] as const),
        ...Object.entries(brokenErrors).map(([what, error]) => [what, { messages: [error], isSpread: true }] as const),
        ...['ownProto', 'deepValue', 'deepMessage'].map((forged) => [forged, { forged }] as const),
      ]),
    )

    it(`is not listened to where it was not asked, on ${backend}`, { timeout }, () =>
      play(backend, async (pool) => {
        for (const [what, messages] of Object.entries(strayMessages)) await mix(pool, what, { messages }, false)
        await until('all of them are counted', () => pool.stats().lateResults >= 102)
        assert.equal(
          pool.stats().workers.reduce((sum, { restarts }) => sum + restarts, 0),
          0,
        )
      }),
    )
  }

  it('changes no prototype of the program', { timeout }, () =>
    play('threads', async (pool) => {
      await mix(pool, 'protoKind', { forged: 'protoKind' }, true)
      assert.equal(({} as { polluted?: unknown }).polluted, undefined)
    }),
  )
})

/** Mostly well-formed messages with one field that is not, or is not what was asked for. */
const message = fc.record(
  {
    kind: fc.oneof({ weight: 8, arbitrary: fc.constant('results') }, { weight: 1, arbitrary: fc.anything() }),
    unit: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.anything()),
    attempt: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer() }),
    count: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.anything()),
    last: fc.oneof(fc.boolean(), fc.anything()),
    values: fc.oneof(fc.array(fc.integer(), { maxLength: 3 }), fc.anything()),
    failures: fc.oneof(fc.constant([]), fc.array(fc.anything(), { maxLength: 2 })),
    ms: fc.oneof(fc.constant(1), fc.anything()),
    heapMb: fc.oneof(fc.constant(1), fc.anything()),
  },
  { requiredKeys: ['kind'] },
)

describe('frames under random damage (F19, P13)', () => {
  it('10,000 damaged frames: a value of a known kind or a FrameError, nothing else', { timeout }, () => {
    const whole = frame(honest)
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 4 })
    const cuts = fc.array(fc.nat(2 * whole.length), { maxLength: 3 })
    fc.assert(
      fc.property(damage, cuts, fc.uint8Array({ maxLength: 40 }), (changes, at, tail) => {
        const bytes = Buffer.concat([whole, whole, tail])
        for (const [position, value] of changes) bytes[position] = value
        const reader = new FrameReader()
        const bounds = [0, ...at.sort((a, b) => a - b), bytes.length]
        try {
          for (let i = 1; i < bounds.length; i++) {
            for (const value of reader.push(Buffer.from(bytes.subarray(bounds[i - 1], bounds[i])))) isFromWorker(value)
          }
        } catch (error) {
          assert.ok(error instanceof FrameError, String(error))
        }
      }),
      { seed, numRuns: 10_000 },
    )
  })

  it('anything at all as a message: taken for an answer or not, never an exception', { timeout }, () => {
    fc.assert(
      fc.property(fc.oneof(message, fc.anything()), (value) => typeof isFromWorker(value) === 'boolean'),
      {
        seed,
        numRuns: 10_000,
      },
    )
  })
})

describe('random messages of a worker at work (F16, P1, P13, P21)', () => {
  it('every item has one outcome, honest workers are believed', { timeout: stretch(60_000) }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 4 }), async (messages) => {
        await play('threads', async (pool) => {
          const outcomes = new Map<number, number>()
          const note = (id: number): void => void outcomes.set(id, (outcomes.get(id) ?? 0) + 1)
          const items = Array.from({ length: 12 }, (_, id) => (id === 5 ? { id, messages } : { id }))
          const stream = pool.from(items, { chunk: 2, onError: (letter) => note(letter.index!) })
          await within(
            'the stream',
            stream.map('misbehave').forEach(() => {}),
          )
          const { pulled, ok, failed } = pool.stats()
          assert.deepEqual([pulled, ok + failed], [12, 12])
          for (const [id, count] of outcomes) assert.equal(count, 1, `item ${id}`)
        })
      }),
      { seed, numRuns: 12, endOnFailure: true },
    )
  })
})
