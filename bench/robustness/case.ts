import type { PoolMode } from './contract.ts'

interface CaseHead {
  /** Value of `--case`. */
  name: string
  title: string
  /** The rule of judgement, as printed. */
  judged: string
  /** Modes it is asked of; both if absent. */
  modes?: readonly PoolMode[]
  /** Runs with advanced serialization, only on pools where that is an option. */
  advanced?: boolean
  /** The runner ends the driver after this time; default 20 s. */
  trapMs?: number
}

/** A faulty call in flight, one call queued behind it, one submitted later; one worker. */
export interface CallsCase extends CaseHead {
  kind: 'calls'
  task: string
  item: unknown
  /** A value that is as good as an error; without it any value is a defect. */
  isRight?: (value: unknown) => boolean
  /** What a wrong value is called. */
  onValue: 'wrong answer' | 'silent loss'
  heapMb?: number
  timeoutMs?: number
  /** How long the first two calls may take before the third is submitted; default 6 s. */
  waitMs?: number
}

/** A worker module that cannot be loaded. */
export interface StartCase extends CaseHead {
  kind: 'start'
  module: 'syntax error' | 'throws at import'
  /** What the error must say somewhere in its chain. */
  says: RegExp
}

/** Values sent to a worker and back. */
export interface ValuesCase extends CaseHead {
  kind: 'values'
}

/** What is left of something thrown by a task. */
export interface ThrownCase extends CaseHead {
  kind: 'thrown'
  what: 'subclass' | 'text'
}

/** A source mapped in order. */
export interface StreamCase extends CaseHead {
  kind: 'stream'
  does: 'crash' | 'leave' | 'stall'
}

/** The program ends by itself. */
export interface EndingCase extends CaseHead {
  kind: 'ending'
  afterCrash: boolean
}

/** The program is killed with busy workers. */
export interface OrphansCase extends CaseHead {
  kind: 'orphans'
}

export type Case = CallsCase | StartCase | ValuesCase | ThrownCase | StreamCase | EndingCase | OrphansCase
