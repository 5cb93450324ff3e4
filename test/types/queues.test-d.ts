import type { LoopName, Pool, PoolQueues, Queue, Toolbox, WorkerQueue } from '../../src/index.ts'
import { expectType } from './expect-type.ts'

type Numbers = WorkerQueue<number>
type Queues = { numbers: Numbers; batch: { words: WorkerQueue<string> } }

declare const typed: {
  work(toolbox: Toolbox<unknown, Queues>): Promise<boolean>
  task(item: number, toolbox: Toolbox<unknown, Queues>): number
  double(item: number): number
}
declare const untyped: { work(toolbox: Toolbox): boolean }

declare const names: LoopName<typeof typed>
expectType<'work'>()(names)

declare const queues: PoolQueues<typeof typed>
expectType<Queue<number>>()(queues.numbers)
expectType<Queue<string>>()(queues.batch.words)
void queues.input.put('anything')
// @ts-expect-error -- a queue takes what its toolbox says
void queues.numbers.put('text')
// @ts-expect-error -- no toolbox names it
void queues.letters

declare const pool: Pool<typeof typed>
void pool.loop('work')
// @ts-expect-error -- it takes an item
void pool.loop('double')
void pool.feed([1], { queue: pool.queues.numbers })

declare const anyPool: Pool<typeof untyped>
void anyPool.queues.whatever.is.there
void anyPool.loop('work')
declare const plain: Pool
void plain.queues.whatever.put(1)
void plain.loop('whatever')
