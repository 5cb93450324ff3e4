/** A worker module whose type is not given: every name is allowed, results are `unknown`. */
export type UntypedModule = Record<string, (...args: never[]) => unknown>

type Call = (...args: never[]) => unknown

/** What a task takes. */
export type ItemOf<Task> = Task extends (item: infer Item, ...rest: never[]) => unknown ? Item : never

/** What a task gives, once awaited. */
export type ResultOf<Task> = Task extends (...args: never[]) => infer Result ? Awaited<Result> : unknown

/** Names of a module's functions that take `Item` and give `Result`. */
type Names<Module, Item, Result> = string extends keyof Module
  ? string
  : {
      [Name in keyof Module & string]: Module[Name] extends Call
        ? [Item] extends [ItemOf<Module[Name]>]
          ? ResultOf<Module[Name]> extends Result
            ? Name
            : never
          : never
        : never
    }[keyof Module & string]

/** Tasks for `run` and `map`: `(item, toolbox) => result`. */
export type MapTask<Module, Item> = Names<Module, Item, unknown>
/** Tasks for `filter`: `(item, toolbox) => boolean`. */
export type FilterTask<Module, Item> = Names<Module, Item, boolean>
/** Tasks for `flatMap`: `(item, toolbox) => iterable of results`. */
export type FlatMapTask<Module, Item> = Names<Module, Item, Iterable<unknown> | AsyncIterable<unknown>>
/** Tasks for `mapChunks`: `(items, toolbox) => array of results`. */
export type ChunkTask<Module, Item> = Names<Module, Item[], readonly unknown[]>
/** Tasks for `reduce`: `(a, b, toolbox) => c`, all of the item's type, associative. */
export type ReduceTask<Module, Item> = string extends keyof Module
  ? string
  : {
      [Name in keyof Module & string]: Module[Name] extends (a: infer A, b: infer B, ...rest: never[]) => infer Result
        ? [Item, Item, Awaited<Result>] extends [A, B, Item]
          ? Name
          : never
        : never
    }[keyof Module & string]

type Member<Values> =
  Values extends Iterable<infer Value> ? Value : Values extends AsyncIterable<infer Value> ? Value : unknown

/** Result of the task of that name. */
export type TaskResult<Module, Name extends string> = Name extends keyof Module ? ResultOf<Module[Name]> : unknown
/** Members of the result of the task of that name. */
export type TaskMember<Module, Name extends string> = Member<TaskResult<Module, Name>>
