import { relative, resolve } from 'node:path'
import type { EventData } from 'node:test'
import type { TestEvent } from 'node:test/reporters'
import { inspect, styleText } from 'node:util'

type FileRecord = {
  /** The names of the tests around the one that runs, by depth. */
  readonly path: string[]
  readonly failures: string[]
  output: string
}

/** Node 24 tells what was running when it was interrupted; the types of Node 22 do not know it. */
type InterruptedEvent = {
  readonly type: 'test:interrupted'
  readonly data: { readonly tests: readonly { name: string }[] }
}

/**
 * A reporter for `node --test`: one line per test file, all of a failure at its place, Node's own summary at the end.
 * What a file prints is shown only when the file fails.
 */
export default async function* reportTests(
  source: AsyncIterable<TestEvent | InterruptedEvent>,
): AsyncGenerator<string, void> {
  const report = new TestReport()
  for await (const event of source) yield* report.add(event)
}

class TestReport {
  readonly #files = new Map<string, FileRecord>()
  readonly #failed: string[] = []

  #get(file: string | undefined): FileRecord {
    const key = resolve(file ?? '')
    const record = this.#files.get(key) ?? { path: [], failures: [], output: '' }
    this.#files.set(key, record)
    return record
  }

  *add(event: TestEvent | InterruptedEvent): Generator<string, void> {
    switch (event.type) {
      case 'test:start':
        this.#enter(event.data)
        return
      case 'test:stdout':
      case 'test:stderr':
        this.#get(event.data.file).output += event.data.message
        return
      case 'test:fail':
        yield* this.#addFailure(event.data)
        return
      case 'test:summary':
        if (event.data.file !== undefined) yield* this.#endFile(event.data.file, event.data)
        return
      case 'test:diagnostic':
        if (event.data.file === undefined && event.data.nesting === 0) yield* this.#addSummaryLine(event.data.message)
        return
      case 'test:interrupted':
        yield `Interrupted while these ran: ${event.data.tests.map(({ name }) => toName(name)).join(', ')}\n`
    }
  }

  #enter({ file, name, nesting }: EventData.TestStart): void {
    const { path } = this.#get(file)
    path.length = nesting
    path.push(name)
  }

  *#addFailure(failure: EventData.TestFail): Generator<string, void> {
    const error = failure.details.error as EventData.Error & { failureType?: string }
    // A parent that fails by its children only, and a test that is known to fail.
    if (error.failureType === 'subtestsFailed' || failure.todo) return
    const record = this.#get(failure.file)
    const isFile = failure.file !== undefined && resolve(failure.name) === resolve(failure.file)
    const title = isFile ? 'the file itself' : record.path.slice(0, failure.nesting + 1).join(' › ')
    this.#failed.push(`${toName(failure.file)} › ${title}`)
    record.failures.push(`  ${paint('red', `✖ ${title}`)}  ${toPlace(failure)}\n${indent(describe(error))}\n`)
    if (isFile) yield* this.#endFile(failure.name, undefined)
  }

  *#endFile(file: string, summary: EventData.TestSummary | undefined): Generator<string, void> {
    const { failures, output } = this.#get(file)
    this.#files.delete(resolve(file))
    const counts = summary ? `${summary.counts.tests} tests  ${(summary.duration_ms / 1000).toFixed(1)} s` : ''
    const mark = failures.length === 0 && summary?.success ? paint('green', '✔') : paint('red', '✖')
    yield `${mark} ${toName(file)}  ${counts}\n`
    if (failures.length === 0) return
    yield failures.join('')
    if (output.trim() !== '') yield `  ${paint('gray', 'It printed:')}\n${indent(output)}\n`
  }

  *#addSummaryLine(message: string): Generator<string, void> {
    if (message.startsWith('tests ') && this.#failed.length > 0) {
      yield `\n${paint('red', 'Failed:')}\n${this.#failed.map((name) => `  ${name}\n`).join('')}`
    }
    yield `${message.startsWith('tests ') ? '\n' : ''}ℹ ${message}\n`
  }
}

function describe(error: EventData.Error): string {
  return inspect(error.cause ?? error, { colors: process.stdout.isTTY, depth: 6 })
}

function toName(file: string | undefined): string {
  return relative(process.cwd(), file ?? '')
}

function toPlace({ file, line }: EventData.TestFail): string {
  return paint('gray', `${toName(file)}:${line ?? 1}`)
}

function indent(text: string): string {
  return text.trimEnd().replaceAll(/^/gm, '    ')
}

function paint(color: 'red' | 'green' | 'gray', text: string): string {
  return styleText(color, text, { stream: process.stdout })
}
