import { createPool, type Chunk, type Pool, type PoolOptions, type Progress, type RunOptions } from 'eisenmp'
import { expectType } from './expect-type.ts'
import type * as Tasks from './tasks.ts'

declare const pool: Pool<typeof Tasks>
declare const untyped: Pool
declare const url: URL
declare const run: RunOptions

// run(): one item of the task's type, or none where it can do without.
expectType<Promise<boolean>>()(pool.run('isOdd', 3))
expectType<Promise<boolean>>()(pool.run('isOddLater', 3))
expectType<Promise<number>>()(pool.run('lengthOf', 'text', run))
expectType<Promise<number>>()(pool.run('now'))
expectType<Promise<number>>()(pool.run('now', undefined, run))
expectType<Promise<number>>()(pool.run('pick'))
expectType<Promise<number>>()(pool.run('pick', 5))
expectType<Promise<string>>()(pool.run('greet', 'a', { signal: AbortSignal.timeout(5) }))
expectType<Promise<string[]>>()(pool.run('letters', 'text'))
expectType<Promise<number>>()(pool.run('total', [1, 2]))
void pool.run('loose')
void pool.run('loose', { any: 'thing' })
void pool.run('identity', 5)
void pool.run('maximum', 5)

// @ts-expect-error -- misspelt
void pool.run('isodd', 3)
// @ts-expect-error -- not a function
void pool.run('limit', 3)
// @ts-expect-error -- another type
void pool.run('isOdd', '3')
// @ts-expect-error -- the item is missing
void pool.run('isOdd')
// @ts-expect-error -- it takes none
void pool.run('now', 3)
// @ts-expect-error -- misspelt option
void pool.run('isOdd', 3, { signl: AbortSignal.timeout(5) })

// Without a type every name is allowed, and results are unknown.
expectType<Promise<unknown>>()(untyped.run('anything', 3))
void untyped.run('anything')
void untyped.run('anything', { deep: [1] }, run)
expectType<Promise<unknown[]>>()(untyped.from([1]).map('a').filter('b').flatMap('c').mapChunks('d').toArray())
void untyped.from([1]).reduce('e', 0)

// createPool() gives a pool of the module's type.
expectType<Promise<Pool<typeof Tasks>>>()(createPool<typeof Tasks>({ modules: url }))
void createPool({ modules: [url, './mate.ts', { url: 'a', export: 'start' }], backend: 'inline', workers: 2 })
void createPool({ modules: () => new Uint8Array() })

// @ts-expect-error -- modules is missing
void createPool({})
// @ts-expect-error -- misspelt
void createPool({ modules: url, worker: 2 })
// @ts-expect-error -- misspelt inside
void createPool({ modules: url, retries: { crashes: 2 } })
// @ts-expect-error -- no such backend
void createPool({ modules: url, backend: 'thread' })
// @ts-expect-error -- misspelt option of a stream
void pool.from([1], { orderd: false })
// @ts-expect-error -- another type
void pool.from([1], { onError: 'ignore' })
// @ts-expect-error -- no source
void pool.from(5)

// What was given cannot be changed behind the pool's back.
declare const options: PoolOptions
// @ts-expect-error -- read only
options.workers = 2
declare const chunk: Chunk<number>
// @ts-expect-error -- read only
chunk.ticket.serial = 1
chunk.items.push(1)
// @ts-expect-error -- read only
pool.stats().workers = []

// Events.
void pool.on('progress', (progress: Progress) => progress.etaMs)
// @ts-expect-error -- no such event
void pool.on('progres', () => {})

// A pool is also one of unknown tasks, for helpers that only close it or look at it.
const some: Pool = pool
void some.close()

// await using needs no more than this.
const disposable: AsyncDisposable = pool
void disposable
