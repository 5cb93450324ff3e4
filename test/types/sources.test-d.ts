import { Readable } from 'node:stream'
import { type Pool, csv, indexed, lines, permutations, range } from 'eisenmp'
import { expectType } from './expect-type.ts'
import type * as Tasks from './tasks.ts'

declare const pool: Pool<typeof Tasks>
declare const readable: Readable
declare const web: ReadableStream<string>
declare const entries: Map<string, number>
declare const maybe: Iterable<number> | AsyncIterable<number>

// What is read from is what iterates; promises are awaited.
expectType<Promise<number[]>>()(pool.from([1, 2]).toArray())
expectType<Promise<number[]>>()(pool.from(new Set([1])).toArray())
expectType<Promise<[string, number][]>>()(pool.from(entries).toArray())
expectType<Promise<bigint[]>>()(pool.from(new BigInt64Array(1)).toArray())
expectType<Promise<string[]>>()(pool.from(web).toArray())
expectType<Promise<number[]>>()(pool.from(maybe).toArray())
expectType<Promise<number[]>>()(pool.from([Promise.resolve(1), 2]).toArray())
expectType<Promise<(1 | 2)[]>>()(pool.from([1, 2] as const).toArray())

// Indexed sources know their items.
expectType<Promise<number[]>>()(pool.from(range(0, 9)).toArray())
expectType<Promise<string[]>>()(pool.from(permutations('abc')).toArray())
expectType<Promise<string[]>>()(pool.from(lines('a.txt')).toArray())
expectType<Promise<string[]>>()(pool.from(csv('a.csv', { column: 'a' })).toArray())
expectType<Promise<Record<'a' | 'b', string>[]>>()(pool.from(csv('a.csv', { columns: ['a', 'b'] })).toArray())
expectType<Promise<Record<string, string>[]>>()(pool.from(csv('a.csv')).toArray())
expectType<Promise<number[]>>()(pool.from(await indexed<number>('a.ts')).toArray())
void pool.from(range(0, 9)).map('double')
void pool.from(lines('a.txt')).map('shout')
// @ts-expect-error -- numbers are no strings
void pool.from(range(0, 9)).map('shout')

// What has no type of its own is taken by every task.
void pool.from(JSON.parse('[1]')).map('double')
void pool.from(readable).map('shout')
void pool.map('shout', Readable.from(['a']))
void pool.map('double', JSON.parse('[1]'))

// @ts-expect-error -- a promise of items must be awaited first
void pool.from(Promise.resolve([1]))
// @ts-expect-error -- no source
void pool.from({ length: 3 })
// @ts-expect-error -- a generator function is no generator
void pool.from(function* () {})
