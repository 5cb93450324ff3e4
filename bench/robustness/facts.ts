import { inspect } from 'node:util'

/** One error of a `cause` chain, as far as it survived. */
export interface ErrorFacts {
  className: string
  name: string
  message: string
  code: string
  /** Own fields beside message, stack, name, code and cause, as compact text. */
  fields: Record<string, string>
}

/** What became of one promise. */
export type Outcome =
  | { status: 'pending' }
  | { status: 'value'; right: boolean; text: string }
  | { status: 'error'; text: string; chain: ErrorFacts[] }

/** What one driver process saw and wrote down. A fact that is absent was not reached. */
export interface Facts {
  opened?: Outcome
  inFlight?: Outcome
  queuedBeforeLater?: Outcome
  queued?: Outcome
  later?: Outcome
  start?: Outcome
  thrown?: Outcome
  values?: Record<string, Outcome>
  stream?: StreamFacts
  closed?: Outcome
  /** Wall clock when close had settled. */
  closedAt?: number
  uncaught?: string[]
  /** How much the waits of this run were stretched, because the machine was busy. */
  patience?: number
  done?: boolean
}

/** What a mapped source and its consumer saw. */
export interface StreamFacts {
  received: number
  inOrder: boolean
  pulled: number
  pulledLater?: number
  sourceClosed: boolean
  outcome: Outcome
  after?: Outcome
}

function toText(value: unknown): string {
  return inspect(value, { depth: 3, breakLength: Infinity, maxStringLength: 120 }).slice(0, 160)
}

function describeOne(error: unknown): ErrorFacts {
  if (typeof error !== 'object' || error === null) {
    return { className: '', name: '', message: String(error), code: '', fields: {} }
  }
  const fields: Record<string, string> = {}
  for (const key of Object.getOwnPropertyNames(error)) {
    if (!['message', 'stack', 'name', 'code', 'cause'].includes(key)) fields[key] = toText(Reflect.get(error, key))
  }
  const read = (key: string): string => {
    const value: unknown = Reflect.get(error, key)
    return typeof value === 'string' || typeof value === 'number' ? `${value}` : ''
  }
  const className = (error.constructor as { name?: string } | undefined)?.name ?? ''
  return { className, name: read('name'), message: read('message'), code: read('code'), fields }
}

/** Describes a rejection with its causes, outermost first. */
export function describeError(error: unknown): Outcome {
  const chain: ErrorFacts[] = []
  let one = error
  while (one !== undefined && chain.length < 5) {
    chain.push(describeOne(one))
    one = typeof one === 'object' && one !== null ? Reflect.get(one, 'cause') : undefined
  }
  const [first] = chain
  const text = first === undefined ? 'undefined' : [first.name, first.code, first.message].filter(Boolean).join(': ')
  return { status: 'error', text: text.length > 200 ? `${text.slice(0, 200)}…` : text, chain }
}

/** Describes an answer and whether it is the right one. */
export function describeValue(value: unknown, right: boolean): Outcome {
  return { status: 'value', right, text: toText(value) }
}
