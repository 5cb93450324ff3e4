import assert from 'node:assert/strict'
import type { Books } from '../../src/dispatch/books.ts'
import type { DispatchEvent, Instruction, Rejection, Unit } from '../../src/dispatch/events.ts'
import type { Outcomes } from './charge.ts'
import { foresee } from './foresight.ts'
import { type Item, type Ledger, type LedgerJob, type LedgerWorker, PENDING } from './ledger.ts'

/** What the simulation needs of a dispatcher, so that broken ones can stand in for it. */
export interface Subject {
  step(event: DispatchEvent): readonly Instruction[]
  readonly books: Readonly<Books>
  readonly heldItems: number
  readonly isQuiet: boolean
}

type InstructionOf<Type extends Instruction['type']> = Extract<Instruction, { readonly type: Type }>

/** Below this, a second unit may wait behind one in work. */
const SHORT_MS = 25

function fail(message: string): never {
  assert.fail(message)
}

function check(condition: boolean, message: string): void {
  if (!condition) fail(message)
}

/** Checks one step of a dispatcher after the other against the rules of `src/dispatch/README.md`. */
export class Invariants {
  readonly #ledger: Ledger
  readonly #subject: Subject
  #outcomes: Outcomes = new Map()
  #mustEnd: string | undefined
  #mustReplace: string | undefined

  constructor(ledger: Ledger, subject: Subject) {
    this.#ledger = ledger
    this.#subject = subject
  }

  /** Gives the event to the dispatcher and checks all that comes back. */
  step(event: DispatchEvent): readonly Instruction[] {
    const instructions = this.#subject.step(event)
    const { outcomes, mustEnd, mustReplace } = foresee(this.#ledger, event)
    this.#outcomes = outcomes ?? new Map()
    this.#mustEnd = mustEnd
    this.#mustReplace = mustReplace
    if (event.type === 'retire') this.#ledger.workers.get(event.worker)!.isRetiring = true
    for (const instruction of instructions) this.#take(instruction)
    for (const worker of this.#ledger.workers.values()) this.#checkRetired(worker)
    check(this.#outcomes.size === 0, `${this.#outcomes.size} items had to be settled and were not`)
    check(this.#mustEnd === undefined, `${this.#mustEnd} gave an impossible answer and was not ended`)
    check(this.#mustReplace === undefined, `${this.#mustReplace} is gone and was not replaced`)
    this.#checkBooks()
    return instructions
  }

  #take(instruction: Instruction): void {
    switch (instruction.type) {
      case 'pull':
        return this.#pull(instruction)
      case 'send':
        return this.#send(this.#findWorker(instruction), instruction.unit)
      case 'accept':
        return this.#accept(instruction)
      case 'reject':
        return this.#reject(instruction)
      case 'abort':
        return this.#abort(instruction)
      case 'recall':
        check(this.#findWorker(instruction).held[1]?.unit.id === instruction.unit, 'recalls what does not wait')
        return
      case 'end':
        return this.#endWorker(this.#findWorker(instruction))
      case 'stop': {
        const worker = this.#findWorker(instruction)
        check(worker.held.length === 0 && !worker.isStopping, `${worker.id} is stopped with something in its hands`)
        worker.isStopping = true
        return
      }
      case 'replace':
        check(this.#mustReplace === instruction.worker, `${instruction.worker} is replaced and was not there`)
        this.#mustReplace = undefined
    }
  }

  #checkRetired({ id, isRetiring, isStopping, isEnding, isBroken, held }: LedgerWorker): void {
    const mustLeave = isRetiring && held.length === 0 && !isEnding && !isBroken
    check(!mustLeave || isStopping, `${id} has nothing more to do and was not stopped`)
  }

  #findWorker({ type, worker }: { readonly type: string; readonly worker: string }): LedgerWorker {
    return this.#ledger.workers.get(worker) ?? fail(`${type} for ${worker}, which is unknown or gone`)
  }

  #endWorker(worker: LedgerWorker): void {
    check(!worker.isEnding, `${worker.id} is ended twice`)
    const isBroken = this.#mustEnd === worker.id
    const oldest = worker.held[0]
    const isLate = worker.held.some(({ unit }) => unit.id === worker.timedOut?.unit)
    const isUnwanted = oldest !== undefined && this.#ledger.itemsOf(oldest).length === 0
    check(isBroken || isLate || isUnwanted, `${worker.id} is ended for nothing`)
    worker.isEnding = !isBroken
    this.#mustEnd = undefined
  }

  #pull({ job: id }: InstructionOf<'pull'>): void {
    const job = this.#ledger.jobs.get(id) ?? fail(`pull for job ${id}, which is unknown`)
    check(job.spec.pulls && !job.isPulling, `job ${id} is asked again before it answered`)
    check(!job.hasEnded && !job.isCancelled && !this.#ledger.isClosing, `job ${id} is over and asked for more`)
    const first: number = job.chunks.keys().next().value ?? job.lastSerial + 1
    const inWindow = job.spec.ordered ? job.lastSerial + 1 - first : job.chunks.size
    check(inWindow < job.spec.window, `job ${id} is asked for more than its window`)
    const isFree = (worker: LedgerWorker): boolean => {
      return worker.held.length < 2 && !worker.isEnding && !worker.isStopping && !worker.isRetiring
    }
    check([...this.#ledger.workers.values()].some(isFree), `job ${id} is asked for more with no worker free`)
    job.isPulling = true
  }

  #send(worker: LedgerWorker, unit: Unit): void {
    const ledger = this.#ledger
    const { id, from, count } = unit
    check(!worker.isEnding && !worker.isStopping && !worker.isBroken, `unit ${id} goes to ${worker.id}, which ends`)
    check(!worker.isRetiring, `unit ${id} goes to ${worker.id}, which is to leave`)
    check(!ledger.usedUnits.has(id), `unit ${id} has an old number`)
    ledger.usedUnits.add(id)
    const job = ledger.jobs.get(unit.job)
    const chunk = job?.chunks.get(unit.serial)
    if (job === undefined || chunk === undefined || job.isCancelled) fail(`unit ${id} is of nothing that is wanted`)
    const items = chunk.items.slice(from, from + count)
    check(count > 0 && items.length === count && unit.start === from, `unit ${id} is not within its chunk`)
    const share = ((chunk.expectedMs ?? 0) * count) / chunk.items.length
    check(Math.abs((unit.expectedMs ?? 0) - share) < 1e-6, `unit ${id} is expected to take ${unit.expectedMs} ms`)
    for (const item of items) this.#hold(item, unit)
    this.#checkCompany(worker, unit)
    worker.held.push({ unit, from, to: from + count })
    this.#countTurns(job)
  }

  #hold(item: Item, unit: Unit): void {
    if (item.place !== PENDING) fail(`unit ${unit.id} holds item ${item.index}, which is elsewhere: ${item.place}`)
    this.#ledger.hold(item, unit.id)
    check(unit.attempt === item.attempts, `item ${item.index} is sent the ${item.attempts}th time, not ${unit.attempt}`)
    check(unit.suspect === item.isSuspect, `item ${item.index} is ${item.isSuspect ? '' : 'not '}a suspect`)
    check(unit.count <= item.maxUnit, `unit ${unit.id} was to be halved`)
    check(
      this.#ledger.retries.crash > 0 || !item.isInDoubt,
      `item ${item.index} may have been started, and is sent again`,
    )
  }

  #checkCompany({ id, held, stalled, timedOut }: LedgerWorker, unit: Unit): void {
    const [oldest, other] = held
    if (oldest === undefined) return
    check(other === undefined, `${id} holds more than two units`)
    const isInTheWay = stalled === oldest.unit.id || timedOut !== undefined || this.#ledger.itemsOf(oldest).length === 0
    check(!isInTheWay, `unit ${unit.id} waits behind one that takes for ever`)
    check(!unit.suspect && !oldest.unit.suspect, `a suspect shares ${id}`)
    const left = (oldest.to - oldest.from) / oldest.unit.count
    const isShort = (unit.expectedMs ?? Infinity) < SHORT_MS && (oldest.unit.expectedMs ?? Infinity) * left < SHORT_MS
    check(isShort, `${id} has two units, and they are not short`)
  }

  /** Whoever has something to send comes next once all others had a turn. */
  #countTurns(sender: LedgerJob): void {
    sender.passedOver = 0
    for (const job of this.#ledger.jobs.values()) {
      if (job === sender) continue
      job.passedOver = job.pendingItems > 0 ? job.passedOver + 1 : 0
      check(job.passedOver < this.#ledger.jobs.size, `job ${job.id} never has its turn`)
    }
  }

  #accept({ job, serial, from, count }: InstructionOf<'accept'>): void {
    const chunk = this.#ledger.jobs.get(job)?.chunks.get(serial) ?? fail(`accepts for chunk ${serial}, not in work`)
    for (let index = from; index < from + count; index++) this.#settle(chunk.items[index], 'ok')
  }

  #reject(rejection: Rejection): void {
    const { job, serial, index, cause, attempt, deaths } = rejection
    const item = this.#ledger.jobs.get(job)?.chunks.get(serial)?.items[index]
    this.#settle(item, cause)
    check(attempt === item!.attempts, `item ${index} was sent ${item!.attempts} times, not ${attempt}`)
    check(cause !== 'task' || rejection.failure !== undefined, `item ${index} failed with no error`)
    const charged = cause === 'unknown' ? deaths.slice(0, -1) : deaths
    check(charged.length === item!.deaths.length, `item ${index} is charged ${charged.length} deaths`)
    for (const [i, death] of charged.entries()) check(death === item!.deaths[i], `item ${index} did not cause a death`)
    if (cause === 'crash') check(deaths.length === this.#ledger.retries.crash + 1, `${deaths.length} deaths to be sure`)
    if (cause === 'unknown') check(deaths.length > 0, 'nothing is known about the death')
  }

  #settle(item: Item | undefined, outcome: Item['outcome'] & string): void {
    if (item === undefined) fail('settles an item that there is not')
    const foreseen = this.#outcomes.get(item)
    if (foreseen !== outcome) fail(`item ${item.index} of chunk ${item.serial} is ${outcome}, not ${foreseen}`)
    this.#outcomes.delete(item)
    this.#ledger.settle(item, outcome)
  }

  #abort(instruction: InstructionOf<'abort'>): void {
    const worker = this.#findWorker(instruction)
    const held = worker.held.find(({ unit }) => unit.id === instruction.unit)
    if (held === undefined) fail(`aborts unit ${instruction.unit}, which ${worker.id} does not hold`)
    const isWanted = this.#ledger.itemsOf(held).length > 0
    check(isWanted === (instruction.why === 'timeout'), `aborts unit ${instruction.unit} as ${instruction.why}`)
    if (!isWanted) return
    check(worker.timedOut === undefined && !worker.isEnding, `aborts unit ${instruction.unit} twice`)
    const index = instruction.offset < 0 ? undefined : held.unit.start + instruction.offset
    if (index !== undefined) check(index >= held.from && index < held.to, 'aborts an item that is not there')
    worker.timedOut = { unit: held.unit.id, index }
  }

  #checkBooks(): void {
    const { books, heldItems, isQuiet } = this.#subject
    const { pulled, ok, failed, cancelled, held, pending, errors, timeouts } = this.#ledger
    check(books.pulled === pulled && books.ok === ok && books.cancelled === cancelled, 'the books are wrong')
    check(books.failed === failed && books.errors === errors && books.timeouts === timeouts, 'the books are wrong')
    check(heldItems === held, `${held} items are held, not ${heldItems}`)
    check(isQuiet === (held === 0 && pending === 0), `${pending} items wait, ${held} are held: quiet is ${isQuiet}`)
    const ended = books.ok + books.errors + books.crashes + books.timeouts + books.staleResults
    check(
      books.attempts === ended + heldItems,
      `${books.attempts} attempts, of which ${ended} ended, ${heldItems} held`,
    )
  }
}
