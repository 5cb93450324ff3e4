import { relative, resolve } from 'node:path'
import type { EventData } from 'node:test'
import type { TestEvent } from 'node:test/reporters'
import { inspect, styleText } from 'node:util'

type Failure = { readonly title: string; readonly text: string }

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

/**
 * Node hands on what a file reports as a whole, one file after another. The `file` of a test is where it is written, and
 * that may be a suite shared by several test files: so what has failed belongs to the file that ends next.
 */
class TestReport {
  /** The names of the tests around the one that runs, by depth. */
  readonly #path: string[] = []
  readonly #outputs = new Map<string, string>()
  readonly #failed: string[] = []
  #failures: Failure[] = []

  #enter({ name, nesting }: EventData.TestStart): void {
    this.#path.length = nesting
    this.#path.push(name)
  }

  #collect({ file, message }: EventData.TestStdout): void {
    const key = resolve(file)
    this.#outputs.set(key, (this.#outputs.get(key) ?? '') + message)
  }

  *add(event: TestEvent | InterruptedEvent): Generator<string, void> {
    switch (event.type) {
      case 'test:start':
        this.#enter(event.data)
        return
      case 'test:stdout':
      case 'test:stderr':
        this.#collect(event.data)
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

  *#addFailure(failure: EventData.TestFail): Generator<string, void> {
    const error = failure.details.error as EventData.Error & { failureType?: string }
    // A parent that fails by its children only, and a test that is known to fail.
    if (error.failureType === 'subtestsFailed' || failure.todo) return
    const isFile = failure.file !== undefined && resolve(failure.name) === resolve(failure.file)
    const title = isFile ? 'the file itself' : this.#path.slice(0, failure.nesting + 1).join(' › ')
    const text = `  ${paint('red', `✖ ${title}`)}  ${toPlace(failure)}\n${indent(describe(error))}\n`
    this.#failures.push({ title, text })
    if (isFile) yield* this.#endFile(failure.name, undefined)
  }

  *#endFile(file: string, summary: EventData.TestSummary | undefined): Generator<string, void> {
    const failures = this.#failures
    this.#failures = []
    for (const { title } of failures) this.#failed.push(`${toName(file)} › ${title}`)
    const counts = summary ? `${summary.counts.tests} tests  ${(summary.duration_ms / 1000).toFixed(1)} s` : ''
    const isGood = failures.length === 0 && summary?.success
    yield `${isGood ? paint('green', '✔') : paint('red', '✖')} ${toName(file)}  ${counts}\n`
    const output = this.#outputs.get(resolve(file)) ?? ''
    this.#outputs.delete(resolve(file))
    if (isGood) return
    yield failures.map(({ text }) => text).join('')
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
