import type { Pool, Stream } from 'eisenmp'
import { expectType } from './expect-type.ts'
import type * as Tasks from './tasks.ts'

declare const pool: Pool<typeof Tasks>
declare const numbers: number[]
declare const texts: Set<string>
declare const rows: AsyncIterable<Tasks.Row>
declare const mixed: (string | number)[]

// Results flow from stage to stage.
expectType<Stream<number, typeof Tasks>>()(pool.from(numbers).map('double'))
expectType<Stream<string, typeof Tasks>>()(pool.from(numbers).filter('isOdd').map('toText'))
expectType<Stream<number, typeof Tasks>>()(pool.from(texts).map('shout').map('lengthOf'))
expectType<Stream<number, typeof Tasks>>()(pool.from(numbers).filter('isOddLater').flatMap('countTo'))
expectType<Stream<string, typeof Tasks>>()(pool.from(texts).flatMap('letters').mapChunks('sortedTexts'))
expectType<Stream<Tasks.Row, typeof Tasks>>()(pool.from([new URL('a:b')]).flatMap('pages'))
expectType<Stream<number, typeof Tasks>>()(pool.from(numbers).mapChunks('sorted'))
expectType<Stream<string, typeof Tasks>>()(pool.map('toText', numbers))
expectType<Stream<number, typeof Tasks>>()(pool.from([Promise.resolve(1)]))
expectType<Promise<number>>()(pool.from(numbers).reduce('add', 0))
expectType<Promise<string>>()(pool.from(numbers).map('toText').reduce('join', ''))
expectType<Promise<string[]>>()(pool.from(numbers).map('toText').toArray())
expectType<Promise<number>>()(pool.from(rows).count())

// Tasks of many shapes are taken for what they are.
void pool.from(numbers).reduce('addLater', 0)
void pool.from(numbers).map('aware')
void pool.from(numbers).map('squared')
void pool.from(numbers).map('pick')
void pool.from(numbers).map('now')
void pool.from(numbers).map('looseToolbox')
void pool.from(numbers).map('overloaded')
void pool.from(mixed).map('either')
void pool.from(numbers).map('either')
void pool.from(rows).map('identity')
void pool.from(rows).map('idOf')
void pool.from(rows).map('loose').map('double')
void pool.from(rows).filter('loose')
void pool.from(texts).map('greet')
void pool.from(new Uint8Array(3)).map('double')
void pool.from([1, 2, 3] as const).map('double')
void pool.from([]).map('double')
void pool.from(JSON.parse('[1]') as number[]).map('double')

// There is no such task.
// @ts-expect-error -- misspelt
void pool.from(numbers).map('duble')
// @ts-expect-error -- not a function
void pool.from(numbers).map('limit')
// @ts-expect-error -- a class cannot be called
void pool.from(numbers).map('Account')
// @ts-expect-error -- misspelt
void pool.map('duble', numbers)

// The task takes other items.
// @ts-expect-error -- numbers into a task for texts
void pool.from(numbers).map('shout')
// @ts-expect-error -- what a stage gives counts, not what the source gave
void pool.from(numbers).map('toText').map('double')
// @ts-expect-error -- only some of the items fit
void pool.from(mixed).map('double')
// @ts-expect-error -- no id
void pool.from(numbers).map('idOf')
// @ts-expect-error -- texts into a task for numbers
void pool.map('double', texts)
// @ts-expect-error -- texts into a filter for numbers
void pool.from(texts).filter('isOdd')

// The task is none for this stage.
// @ts-expect-error -- filter needs a boolean
void pool.from(numbers).filter('double')
// @ts-expect-error -- flatMap needs an iterable
void pool.from(numbers).flatMap('double')
// @ts-expect-error -- a string would be taken letter by letter
void pool.from(texts).flatMap('shout')
// @ts-expect-error -- mapChunks needs a task of arrays
void pool.from(numbers).mapChunks('double')
// @ts-expect-error -- mapChunks needs an array back
void pool.from(numbers).mapChunks('total')
// @ts-expect-error -- a task of arrays gets single items here
void pool.from(numbers).map('sorted')
// @ts-expect-error -- reduce needs two items
void pool.from(numbers).reduce('double', 0)
// @ts-expect-error -- the second item is of another type
void pool.from(rows).reduce('addRow', { id: 0, name: '' })
// @ts-expect-error -- the result is of another type than the items
void pool.from(rows).reduce('add', { id: 0, name: '' })
// @ts-expect-error -- the initial value is of another type
void pool.from(numbers).reduce('add', '')
// @ts-expect-error -- its second parameter would get the toolbox
void pool.from(numbers).map('add')
// @ts-expect-error -- so would its exponent
void pool.from(numbers).map('power')
// @ts-expect-error -- its third one would
void pool.from(numbers).reduce('maximum', 0)

// Helpers name streams by what comes out.
declare function show(stream: Stream<string>): void
show(pool.from(numbers).map('toText'))
// @ts-expect-error -- numbers come out
show(pool.from(numbers).map('double'))
