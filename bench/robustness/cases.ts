import type { Case } from './case.ts'

const DEATH =
  'the call in flight rejects with an error that says something; the call queued behind it and one submitted later get ' +
  'their own right answers, each run once'
const REFUSED =
  'the call rejects with an error that says something; the queued and the later call get their right answers'

function isNested(value: unknown, depth: number): boolean {
  let rest = value
  for (let i = 0; i < depth; i++) {
    if (typeof rest !== 'object' || rest === null) return false
    rest = Reflect.get(rest, 'inner')
  }
  return rest === 'bottom'
}

function isFinished(value: unknown): boolean {
  return value === 'finished'
}

const DEEP = 20_000

// A worker's stack is deep enough to write it, the program's not deep enough to read it.
const TOO_DEEP_TO_READ = 2600

/** The rows of the table. */
export const CASES: readonly Case[] = [
  {
    kind: 'calls',
    name: 'exit-0',
    title: 'task calls `process.exit(0)`',
    judged: DEATH,
    task: 'exit',
    item: { code: 0 },
    onValue: 'wrong answer',
  },
  {
    kind: 'calls',
    name: 'exit-7',
    title: 'task calls `process.exit(7)`',
    judged: DEATH,
    task: 'exit',
    item: { code: 7 },
    onValue: 'wrong answer',
  },
  {
    kind: 'calls',
    name: 'sigkill',
    title: 'worker killed by SIGKILL',
    judged: `${DEATH}; in a thread the signal ends the program, so it is not asked`,
    modes: ['processes'],
    task: 'killItself',
    item: null,
    onValue: 'wrong answer',
  },
  {
    kind: 'calls',
    name: 'timer-throw',
    title: 'uncaught throw in a timer of a running task',
    judged: `${DEATH}; the call in flight may finish instead`,
    task: 'throwInTimer',
    item: null,
    isRight: isFinished,
    onValue: 'wrong answer',
  },
  {
    kind: 'calls',
    name: 'unhandled-rejection',
    title: 'unhandled rejection in a running task',
    judged: `${DEATH}; the call in flight may finish instead`,
    task: 'rejectUnhandled',
    item: null,
    isRight: isFinished,
    onValue: 'wrong answer',
  },
  {
    kind: 'calls',
    name: 'heap',
    title: 'heap out of memory: many objects, limit of 32 MB',
    judged: DEATH,
    task: 'fillHeap',
    item: null,
    onValue: 'wrong answer',
    heapMb: 32,
    waitMs: 12_000,
    trapMs: 30_000,
  },
  {
    kind: 'calls',
    name: 'heap-map',
    title: 'heap out of memory: one big Map, limit of 256 MB',
    judged: `${DEATH}. Node ends the whole program here; in a process it is the case above, so it is asked of threads only`,
    modes: ['threads'],
    task: 'fillMap',
    item: null,
    onValue: 'wrong answer',
    heapMb: 256,
    waitMs: 20_000,
    trapMs: 40_000,
  },
  {
    kind: 'calls',
    name: 'loop',
    title: 'endless loop, limit of 500 ms by the means of the pool',
    judged: `${DEATH}, with the time limit the pool offers for a call`,
    task: 'spin',
    item: null,
    onValue: 'wrong answer',
    timeoutMs: 500,
  },
  {
    kind: 'calls',
    name: 'native-call',
    title: 'native call that blocks for 20 s and more, limit of 500 ms by the means of the pool',
    judged: `${DEATH}, with the time limit the pool offers for a call; then the program ends. Node cannot interrupt such a call in a thread`,
    task: 'blockNatively',
    item: null,
    onValue: 'wrong answer',
    timeoutMs: 500,
  },
  {
    kind: 'start',
    name: 'syntax-error',
    title: 'worker module with a syntax error',
    judged: 'opening the pool or the first call fails within 5 s with an error whose chain names the SyntaxError',
    module: 'syntax error',
    says: /SyntaxError|Unexpected token|Unexpected end of input/,
  },
  {
    kind: 'start',
    name: 'throw-at-import',
    title: 'worker module throws at import',
    judged:
      'opening the pool or the first call fails within 5 s with an error whose chain has the thrown message; ' +
      'the module is tried at most 10 times',
    module: 'throws at import',
    says: /refused at import/,
  },
  {
    kind: 'calls',
    name: 'result-function',
    title: 'result holds a function',
    judged: REFUSED,
    task: 'returnFunction',
    item: null,
    onValue: 'silent loss',
  },
  {
    kind: 'calls',
    name: 'result-function-advanced',
    title: 'result holds a function, advanced serialization',
    judged: REFUSED,
    advanced: true,
    task: 'returnFunction',
    item: null,
    onValue: 'silent loss',
  },
  {
    kind: 'calls',
    name: 'input-function',
    title: 'input holds a function',
    judged: REFUSED,
    task: 'inspectInput',
    item: { total: 3, format: () => 'three' },
    onValue: 'silent loss',
  },
  {
    kind: 'calls',
    name: 'input-function-advanced',
    title: 'input holds a function, advanced serialization',
    judged: REFUSED,
    advanced: true,
    task: 'inspectInput',
    item: { total: 3, format: () => 'three' },
    onValue: 'silent loss',
  },
  {
    kind: 'calls',
    name: 'deep-result',
    title: 'result of objects nested 20,000 deep',
    judged: `${REFUSED}; or the call in flight gets the exact value`,
    task: 'nest',
    item: { depth: DEEP },
    isRight: (value) => isNested(value, DEEP),
    onValue: 'wrong answer',
  },
  {
    kind: 'calls',
    name: 'deep-result-2600',
    title: 'result of objects nested 2,600 deep',
    judged: `${REFUSED}; or the call in flight gets the exact value. Node can send such a value, but not read it`,
    task: 'nest',
    item: { depth: TOO_DEEP_TO_READ },
    isRight: (value) => isNested(value, TOO_DEEP_TO_READ),
    onValue: 'wrong answer',
  },
  {
    kind: 'values',
    name: 'values',
    title: 'values arrive exactly: Map, Set, Date, BigInt, Uint8Array, -0, hole, cycle',
    judged: 'each value goes to a worker and back and is deeply and strictly equal',
  },
  {
    kind: 'values',
    name: 'values-advanced',
    title: 'the same values, advanced serialization',
    judged: 'as above, with the option turned on',
    advanced: true,
  },
  {
    kind: 'thrown',
    name: 'thrown-subclass',
    title: 'thrown subclass keeps class name, message, code, fields, cause',
    judged: 'the rejection, or an error in its cause chain, has all five; the class name as `name` or as constructor',
    what: 'subclass',
  },
  {
    kind: 'thrown',
    name: 'thrown-text',
    title: "`throw 'only a text'` keeps the text",
    judged: 'the rejection, or something in its cause chain, is or says the text',
    what: 'text',
  },
  {
    kind: 'stream',
    name: 'stream-crash',
    title: '2,000 items in order, one of them ends its worker once',
    judged: 'all 2,000 right results in order within 12 s',
    does: 'crash',
  },
  {
    kind: 'stream',
    name: 'stream-leave',
    title: 'endless source, the consumer leaves after 100 results',
    judged: 'the loop ends, the source is closed, a later call is answered',
    does: 'leave',
  },
  {
    kind: 'stream',
    name: 'stream-stall',
    title: 'endless source, the consumer stalls after 10 results',
    judged: 'no further item is pulled from the source between 1 s and 2 s of the stall',
    does: 'stall',
  },
  {
    kind: 'ending',
    name: 'ends',
    title: 'program ends by itself after close',
    judged: 'close resolves and the program exits with code 0 within 3 s of it, no process left',
    afterCrash: false,
  },
  {
    kind: 'ending',
    name: 'ends-after-crash',
    title: 'program ends by itself after close, a worker has died before',
    judged: 'as above, after one call that ended its worker',
    afterCrash: true,
  },
  {
    kind: 'orphans',
    name: 'parent-killed',
    title: 'program killed by SIGKILL, both workers in a busy loop',
    judged: 'no process of the pool is left 1 s later; threads die with the program, so it is not asked of them',
    modes: ['processes'],
  },
]
