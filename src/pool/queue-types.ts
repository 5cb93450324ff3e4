import type { Queue, WorkerQueue } from '../queue.ts'
import type { UntypedItem, UntypedModule } from './task-types.ts'

type IsAny<T> = 0 extends 1 & T ? true : false

/** Parameters of all functions of a module. */
type Parameter<Module> = {
  [Name in keyof Module]: Module[Name] extends (...args: infer Args) => unknown ? Args[number] : never
}[keyof Module]

/** What a parameter that is a toolbox says of the queues; `never` when it says nothing. */
type QueuesOfToolbox<Toolbox> = Toolbox extends { readonly queues: infer Queues; readonly emit: unknown }
  ? IsAny<Queues> extends true
    ? never
    : Queues
  : never

type ToIntersection<Union> = (Union extends unknown ? (given: Union) => void : never) extends (given: infer All) => void
  ? All
  : never

/** The same queues as the program sees them. */
type ToParent<Queues> = {
  readonly [Name in keyof Queues]: Queues[Name] extends WorkerQueue<infer Item> ? Queue<Item> : ToParent<Queues[Name]>
}

type Declared<Module> =
  IsAny<Module> extends true
    ? never
    : IsAny<Parameter<Module>> extends true
      ? never
      : QueuesOfToolbox<Parameter<Module>>

/** The queue that is always there. */
interface DefaultQueues {
  readonly input: Queue<UntypedItem>
}

/** Type of `pool.queues`, as the toolboxes of the module's functions have them; without such a type any name may be there. */
export type PoolQueues<Module> = [Declared<Module>] extends [never]
  ? UntypedModule
  : ToParent<ToIntersection<Declared<Module>>> extends infer Queues
    ? 'input' extends keyof Queues
      ? Queues
      : Queues & DefaultQueues
    : never

/** Tasks for `loop`: `(toolbox) => boolean`. */
export type LoopName<Module> = string extends keyof Module
  ? string
  : {
      [Name in keyof Module & string]: Module[Name] extends (toolbox: infer Given) => unknown
        ? IsAny<Given> extends true
          ? Name
          : unknown extends Given
            ? Name
            : Given extends { readonly emit: unknown; readonly queues: unknown }
              ? Name
              : never
        : never
    }[keyof Module & string]
