/**
 * A worker module whose type is not given: every name is allowed, results are `unknown`.
 *
 * A pool or stream of known tasks is one of unknown tasks too, so that helpers can take any of them.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- only `any` is assignable to and from every module's type
export type UntypedModule = any

/** The items of a source that has no type, such as `JSON.parse` gives: every task takes them. */
// oxlint-disable-next-line typescript/no-explicit-any -- what the source is
export type UntypedItem = any

type Call = (...args: never[]) => unknown
type IsAny<T> = 0 extends 1 & T ? true : false

/** What a toolbox may hold. A parameter that asks for anything else is no toolbox. */
type ToolboxKey =
  | 'config'
  | 'tools'
  | 'queues'
  | 'emit'
  | 'print'
  | 'progress'
  | 'log'
  | 'signal'
  | 'worker'
  | 'shared'
  | 'stop'
  | 'current'

/** Whether the parameter behind the items is left out, or can be the toolbox. */
type TakesToolbox<Parameter> =
  IsAny<Parameter> extends true
    ? true
    : [NonNullable<Parameter>] extends [never]
      ? true
      : keyof NonNullable<Parameter> extends ToolboxKey
        ? true
        : false

/** What a task takes. */
export type ItemOf<Task> = Task extends (item: infer Item, ...rest: never[]) => unknown ? Item : never

/** What a task gives, once awaited. */
export type ResultOf<Task> = Task extends (...args: never[]) => infer Result ? Awaited<Result> : unknown

/** `Name` when the task takes the items and gives such results. */
type Fitting<Name, Task, Item, Result> = Task extends Call
  ? [Item, TakesToolbox<Parameters<Task>[1]>] extends [ItemOf<Task>, true]
    ? ResultOf<Task> extends Result
      ? Name
      : never
    : never
  : never

type FittingFold<Name, Task, Item> = Task extends (a: infer A, b: infer B, ...rest: never[]) => infer Result
  ? Parameters<Task>['length'] extends 0 | 1
    ? never
    : [Item, Item, Awaited<Result>, TakesToolbox<Parameters<Task>[2]>] extends [A, B, Item, true]
      ? Name
      : never
  : never

/** What stands in the compiler's message where no name would do. */
type OrRemark<Found, Remark> = [Found] extends [never] ? Remark : Found

/** Names of a module's functions that take `Item` and give `Result`. */
type Names<Module, Item, Result, Remark> = string extends keyof Module
  ? string
  : OrRemark<
      { [Name in keyof Module & string]: Fitting<Name, Module[Name], Item, Result> }[keyof Module & string],
      Remark
    >

/** Tasks for `run`: all functions that the module exports. */
export type TaskName<Module> = string extends keyof Module
  ? string
  : { [Name in keyof Module & string]: Module[Name] extends Call ? Name : never }[keyof Module & string]

/** Tasks for `map`: `(item, toolbox) => result`. */
export type MapTask<Module, Item> = Names<Module, Item, unknown, '(no exported task takes these items)'>
/** Tasks for `filter`: `(item, toolbox) => boolean`. */
export type FilterTask<Module, Item> = Names<
  Module,
  Item,
  boolean,
  '(no exported task takes these items and gives a boolean)'
>
/** Tasks for `flatMap`: `(item, toolbox) => iterable of results`, not a string. */
export type FlatMapTask<Module, Item> = Names<
  Module,
  Item,
  (Iterable<unknown> & object) | AsyncIterable<unknown>,
  '(no exported task takes these items and gives an iterable)'
>
/** Tasks for `mapChunks`: `(items, toolbox) => array of results`. */
export type ChunkTask<Module, Item> = Names<
  Module,
  Item[],
  readonly unknown[],
  '(no exported task takes an array of these items and gives an array)'
>
/** Tasks for `reduce`: `(a, b, toolbox) => c`, all of the item's type, associative. */
export type ReduceTask<Module, Item> = string extends keyof Module
  ? string
  : OrRemark<
      { [Name in keyof Module & string]: FittingFold<Name, Module[Name], Item> }[keyof Module & string],
      '(no exported task makes one of two of these items)'
    >

type Member<Values> =
  Values extends Iterable<infer Value> ? Value : Values extends AsyncIterable<infer Value> ? Value : unknown

/** Result of the task of that name. */
export type TaskResult<Module, Name extends string> = Name extends keyof Module ? ResultOf<Module[Name]> : unknown
/** Members of the result of the task of that name. */
export type TaskMember<Module, Name extends string> = Member<TaskResult<Module, Name>>

/** The item of a call: it may be left out where the task can do without. */
export type CallItem<Task> = Task extends (...args: infer Args) => unknown
  ? number extends Args['length']
    ? [item?: [Args[0]] extends [never] ? unknown : Args[0]]
    : Args['length'] extends 0
      ? [item?: undefined]
      : undefined extends Args[0]
        ? [item?: Args[0]]
        : [item: Args[0]]
  : [item?: unknown]
