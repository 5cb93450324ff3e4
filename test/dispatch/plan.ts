import fc from 'fast-check'

/** What an item does to its worker; `Once` only the first time it is started. */
export type Nature =
  | 'ok'
  | 'throws'
  | 'throwsOnce'
  | 'refused'
  | 'kills'
  | 'killsOnce'
  | 'slow'
  | 'slowOnce'
  | 'hangs'
  | 'hangsOnce'

export interface JobPlan {
  readonly ordered: boolean
  readonly window: number
  readonly splits: boolean
  /** Items of each chunk; none at all is an empty source. */
  readonly sizes: readonly number[]
  readonly expectedMs: number | undefined
  /** The source says that it is over: with its last chunk, right after it, or when it is asked for more. */
  readonly end: 'with' | 'after' | 'asked'
}

/** A whole simulated run: everything that is not decided by the dispatcher. */
export interface WorldPlan {
  readonly workers: number
  readonly retries: { readonly crash: number; readonly error: number; readonly timeout: number }
  readonly recycleAfterItems: number | undefined
  readonly marks: 'item' | 'unit' | 'none'
  /** A worker's mark stays on the unit it is through with, until the next one. */
  readonly marksStay: boolean
  readonly jobs: readonly JobPlan[]
  /** Single calls, and what each is expected to take. */
  readonly calls: number
  readonly callMs: number | undefined
  /** All other items are `ok`. `job` 0 are the calls. */
  readonly natures: readonly { readonly job: number; readonly at: number; readonly nature: Nature }[]
  /** Workers die for no reason of ours, clocks are wrong, answers are impossible. */
  readonly faults: boolean
  /** What happens next, one number for each step; behind the last one nothing goes wrong any more. */
  readonly choices: readonly number[]
}

const natures: readonly Nature[] = [
  'ok',
  'throws',
  'throwsOnce',
  'refused',
  'kills',
  'killsOnce',
  'slow',
  'slowOnce',
  'hangs',
  'hangsOnce',
]

const expectedMs = fc.constantFrom(1, undefined, 10, 100)

const jobPlan: fc.Arbitrary<JobPlan> = fc.record({
  ordered: fc.boolean(),
  window: fc.integer({ min: 1, max: 16 }),
  splits: fc.boolean(),
  sizes: fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 12, size: 'max' }),
  expectedMs,
  end: fc.constantFrom('with', 'after', 'asked'),
})

const natureOfItem = fc.record({
  job: fc.nat({ max: 3 }),
  at: fc.nat({ max: 200 }),
  nature: fc.constantFrom(...natures),
})

export const worldPlan: fc.Arbitrary<WorldPlan> = fc.record({
  workers: fc.integer({ min: 1, max: 8 }),
  retries: fc.record({ crash: fc.nat({ max: 3 }), error: fc.nat({ max: 2 }), timeout: fc.nat({ max: 2 }) }),
  recycleAfterItems: fc.constantFrom(undefined, undefined, undefined, undefined, 1, 30),
  marks: fc.constantFrom('item', 'item', 'unit', 'none'),
  marksStay: fc.boolean(),
  jobs: fc.array(jobPlan, { minLength: 1, maxLength: 3, size: 'max' }),
  calls: fc.nat({ max: 12 }),
  callMs: expectedMs,
  natures: fc.array(natureOfItem, { maxLength: 8, size: 'max' }),
  faults: fc.boolean(),
  choices: fc.array(fc.nat({ max: 0xffff }), { maxLength: 240, size: 'max' }),
})
