import type { BackendName, EisenmpErrorCode, PoolOptions, StreamOptions } from '../../src/index.ts'
import type { Fault } from '../fixtures/faults.worker.ts'
import type { Scene } from './scene.ts'

type Digit = '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9'
/** Of the fault table. */
export type FaultName = `F${Digit | `1${'0' | Digit}` | `2${'0' | Digit}` | '39'}`
export type PromiseName = `P${Digit | `1${'0' | Digit}` | `2${'0' | '1' | '2' | '3'}`}`

interface RowBase {
  readonly name: string
  readonly covers: readonly (FaultName | PromiseName)[]
  readonly on: readonly BackendName[]
  /** Why it cannot run here; then it is skipped and says so. */
  readonly skip?: string | false
  /** Time trap of the whole row in ms, where 10 s are too short for what Node itself takes. */
  readonly trapMs?: number
}

/** What becomes of one item that does not arrive. */
export interface DeadItem {
  readonly code: EisenmpErrorCode
  /** In the messages of the error and its causes. */
  readonly says?: RegExp
  /** Deaths of workers charged to it; checked when given. */
  readonly deaths?: number
}

/** A fault among honest items: these arrive, in order, each once; the faulty ones become dead letters or arrive as well. */
export interface ItemsRow extends RowBase {
  readonly kind: 'items'
  /** Made anew for each run, since marker files are used up. */
  readonly items: () => readonly Fault[]
  /** By id; all others arrive. */
  readonly dead?: Readonly<Record<number, DeadItem>>
  readonly pool?: Partial<PoolOptions>
  readonly stream?: Pick<StreamOptions, 'chunk' | 'ordered' | 'window'>
  /** Replacements of workers; checked when given, a range where timing has a say. */
  readonly restarts?: number | readonly [least: number, most: number]
}

/** A pool that cannot start: the error comes at once and whole, and no worker is tried over and over. */
export interface StartRow extends RowBase {
  readonly kind: 'start'
  /** Text of the worker module, or its address. */
  readonly module: string | URL
  readonly pool?: Partial<PoolOptions>
  readonly code: EisenmpErrorCode
  readonly says: RegExp
  readonly mostStarts: number
}

/** What is not said by a table. */
export interface ScriptRow extends RowBase {
  readonly kind: 'script'
  readonly run: (scene: Scene) => Promise<void>
}

export type Row = ItemsRow | StartRow | ScriptRow
