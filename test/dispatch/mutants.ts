import type { Books } from '../../src/dispatch/books.ts'
import { Dispatcher } from '../../src/dispatch/dispatcher.ts'
import type { DispatchEvent, DispatchPolicy, Instruction, Unit } from '../../src/dispatch/events.ts'
import type { Subject } from './invariants.ts'

type OfType<Union extends { readonly type: string }, Type> = Extract<Union, { readonly type: Type }>

interface Change {
  readonly policy?: (policy: DispatchPolicy) => DispatchPolicy
  /** `undefined` swallows the event. */
  readonly event?: (event: DispatchEvent) => DispatchEvent | undefined
  readonly instructions?: (instructions: readonly Instruction[], event: DispatchEvent) => readonly Instruction[]
}

/** A dispatcher with one thing wrong. */
class Mutant implements Subject {
  readonly #dispatcher: Dispatcher
  readonly #change: Change

  constructor(policy: DispatchPolicy, change: Change) {
    this.#dispatcher = new Dispatcher(change.policy?.(policy) ?? policy)
    this.#change = change
  }

  step(event: DispatchEvent): readonly Instruction[] {
    const { event: alter = (given) => given, instructions: amend = (given) => given } = this.#change
    const altered = alter(event)
    return amend(altered === undefined ? [] : this.#dispatcher.step(altered), event)
  }

  get books(): Readonly<Books> {
    return this.#dispatcher.books
  }

  get heldItems(): number {
    return this.#dispatcher.heldItems
  }

  get isQuiet(): boolean {
    return this.#dispatcher.isQuiet
  }
}

function alterEvents<Type extends DispatchEvent['type']>(
  type: Type,
  alter: (event: OfType<DispatchEvent, Type>) => DispatchEvent | undefined,
): () => Change {
  return () => ({ event: (event) => (event.type === type ? alter(event as OfType<DispatchEvent, Type>) : event) })
}

function alterInstructions<Type extends Instruction['type']>(
  type: Type,
  alter: (instruction: OfType<Instruction, Type>) => readonly Instruction[],
): () => Change {
  const amend = (instruction: Instruction): readonly Instruction[] => {
    return instruction.type === type ? alter(instruction as OfType<Instruction, Type>) : [instruction]
  }
  return () => ({ instructions: (instructions) => instructions.flatMap(amend) })
}

function alterUnits(alter: (unit: Unit) => Unit): () => Change {
  return alterInstructions('send', (send) => [{ ...send, unit: alter(send.unit) }])
}

/** Everything goes to the worker that was heard of last. */
function sendToOne(): Change {
  let last = ''
  const redirect = (instruction: Instruction): Instruction => {
    return instruction.type === 'send' ? { ...instruction, worker: last } : instruction
  }
  return {
    event: (event) => {
      if (event.type === 'ready') last = event.worker
      return event
    },
    instructions: (instructions) => instructions.map(redirect),
  }
}

function reuseNumbers(): Change {
  let first: number | undefined
  return alterUnits((unit) => {
    first ??= unit.id
    return { ...unit, id: first }
  })()
}

/** Each is a mistake that somebody could make in the dispatcher. */
const changes: Readonly<Record<string, () => Change>> = {
  'a unit is not sent': alterInstructions('send', () => []),
  'a unit is sent twice': alterInstructions('send', (send) => [send, send]),
  'a unit is sent with an old number': reuseNumbers,
  'a unit is sent to another worker': sendToOne,
  'a unit is sent without its last item': alterUnits((unit) => ({ ...unit, count: Math.max(1, unit.count - 1) })),
  'a suspect is not called one': alterUnits((unit) => ({ ...unit, suspect: false })),
  'attempts are not counted': alterUnits((unit) => ({ ...unit, attempt: 1 })),
  'a value is dropped': alterInstructions('accept', ({ count, ...rest }) => [
    { ...rest, count: Math.max(0, count - 1) },
  ]),
  'a value is given twice': alterInstructions('accept', (accept) => [accept, accept]),
  'an error is dropped': alterInstructions('reject', () => []),
  'a dead letter is called an error of the task': alterInstructions('reject', (reject) => {
    return [{ ...reject, cause: reject.cause === 'crash' ? 'task' : reject.cause }]
  }),
  'a death is not told': alterInstructions('reject', ({ deaths, ...rest }) => [{ ...rest, deaths: deaths.slice(1) }]),
  'a chunk is asked for twice': alterInstructions('pull', (pull) => [pull, pull]),
  'no chunk is asked for': alterInstructions('pull', () => []),
  'a worker is not replaced': alterInstructions('replace', () => []),
  'a late item is not aborted': alterInstructions('abort', ({ why, ...rest }) => {
    return why === 'timeout' ? [] : [{ why, ...rest }]
  }),
  'a hanging worker is not ended': alterInstructions('end', () => []),
  'the items around a poison are charged': alterEvents('gone', ({ mark, ...rest }) => {
    return { ...rest, mark: mark === undefined ? mark : { ...mark, offset: mark.offset + 1 } }
  }),
  'the oldest unit is taken for the running one': alterEvents('gone', (event) => ({ ...event, mark: undefined })),
  'the mark of a broken worker is believed': alterEvents('gone', (event) => ({ ...event, broken: false })),
  'a death goes unseen': alterEvents('gone', () => undefined),
  'old answers count': alterEvents('results', ({ from: _from, ...rest }) => rest),
  'the deadline of an abort goes unseen': alterEvents('overdue', () => undefined),
  'a cancelled chunk goes on': alterEvents('cancelled', () => undefined),
  'closing goes on pulling': alterEvents('closing', () => undefined),
  'a worker that is to leave stays': alterEvents('retire', () => undefined),
  'the end of a source goes unseen': alterEvents('ended', () => undefined),
  'a slow consumer is not waited for': alterEvents('opened', ({ spec, ...rest }) => {
    return { ...rest, spec: { ...spec, window: spec.window + 1 } }
  }),
  'long units wait behind each other': alterEvents('added', (event) => ({ ...event, expectedMs: 1 })),
  'every item has one life more': () => ({
    policy: ({ retries, ...rest }) => ({ ...rest, retries: { ...retries, crash: retries.crash + 1 } }),
  }),
  'errors are not tried again': () => ({
    policy: ({ retries, ...rest }) => ({ ...rest, retries: { ...retries, error: 0 } }),
  }),
  'at most once is forgotten': () => ({
    policy: ({ retries, ...rest }) => ({ ...rest, retries: { ...retries, crash: Math.max(1, retries.crash) } }),
  }),
}

/** Broken dispatchers, by what is wrong with them. */
export const mutants: readonly (readonly [string, (policy: DispatchPolicy) => Subject])[] = Object.entries(changes).map(
  ([name, change]) => [name, (policy: DispatchPolicy) => new Mutant(policy, change())],
)
