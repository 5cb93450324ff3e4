import assert from 'node:assert/strict'
import { runInNewContext } from 'node:vm'

/** A value that a task throws, and what must be left of it on the other side. */
export interface ThrownCase {
  readonly name: string
  make(): unknown
  check(arrived: unknown): void
}

class ParseError extends SyntaxError {
  override readonly name = 'ParseError'
  readonly code = 'E_PARSE'
  readonly line: number

  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}

function define(error: Error, key: string, descriptor: PropertyDescriptor): Error {
  return Object.defineProperty(error, key, descriptor)
}

function chain(length: number): Error {
  let error = new Error('the first')
  for (let i = 1; i < length; i++) error = new Error(`wrapped ${i}`, { cause: error })
  return error
}

function readChain(error: unknown): string[] {
  const messages: string[] = []
  let link = error
  for (; link instanceof Error; link = link.cause) messages.push(link.message)
  return link === undefined ? messages : [...messages, link as string]
}

type Fields = Error & Record<string, unknown>

/** Things that can be thrown. */
export const thrownCases: readonly ThrownCase[] = [
  {
    name: 'an Error',
    make: () => new Error('plain'),
    check(arrived) {
      assert.ok(arrived instanceof Error)
      assert.equal(arrived.constructor, Error)
      assert.equal(arrived.message, 'plain')
      assert.match(arrived.stack ?? '', /^Error: plain\n {4}at /)
    },
  },
  {
    name: 'a built-in subclass',
    make: () => new RangeError('too far'),
    check(arrived) {
      assert.ok(arrived instanceof RangeError)
      assert.equal(arrived.constructor, RangeError)
      assert.equal(arrived.name, 'RangeError')
    },
  },
  {
    name: 'an own subclass with a code and fields',
    make: () => new ParseError('no luck', 7),
    check(arrived) {
      assert.ok(arrived instanceof SyntaxError)
      assert.equal(arrived.constructor.name, 'ParseError')
      assert.equal(arrived.name, 'ParseError')
      assert.deepEqual({ ...arrived }, { code: 'E_PARSE', line: 7 })
    },
  },
  {
    name: 'a system error',
    make: () =>
      Object.assign(new Error('ENOENT: no such file'), { errno: -2, code: 'ENOENT', syscall: 'open', path: '/x' }),
    check(arrived) {
      assert.deepEqual({ ...(arrived as Fields) }, { errno: -2, code: 'ENOENT', syscall: 'open', path: '/x' })
    },
  },
  {
    name: 'an error whose fields cannot all travel',
    make: () =>
      Object.assign(new Error('m'), {
        when: new Date(5),
        retry: () => {},
        inner: new ParseError('inside', 3),
        bytes: Buffer.from('a'),
      }),
    check(arrived) {
      const { when, retry, inner, bytes } = arrived as Fields
      assert.deepEqual(when, new Date(5))
      assert.equal(retry, '[function retry]')
      assert.deepEqual([(inner as Fields).constructor.name, (inner as Fields)['line']], ['ParseError', 3])
      assert.deepEqual(bytes, Uint8Array.of(97))
    },
  },
  {
    name: 'a chain of causes',
    make: () => chain(5),
    check: (arrived) =>
      assert.deepEqual(readChain(arrived), ['wrapped 4', 'wrapped 3', 'wrapped 2', 'wrapped 1', 'the first']),
  },
  {
    name: 'a chain of 5000 causes',
    make: () => chain(5000),
    check(arrived) {
      const messages = readChain(arrived)
      assert.deepEqual(messages.slice(0, 3), ['wrapped 4999', 'wrapped 4998', 'wrapped 4997'])
      assert.equal(messages.at(-1), '[more causes]')
      assert.ok(messages.length >= 32)
    },
  },
  {
    name: 'an error that is its own cause',
    make() {
      const error = new Error('round')
      error.cause = new Error('and round', { cause: error })
      return error
    },
    check: (arrived) => assert.deepEqual(readChain(arrived), ['round', 'and round', '[circular]']),
  },
  {
    name: 'an error whose cause is no error',
    make: () => new Error('m', { cause: { status: 404 } }),
    check: (arrived) => assert.deepEqual((arrived as Error).cause, { status: 404 }),
  },
  {
    name: 'an AggregateError with a shared member',
    make() {
      const shared = new TypeError('a')
      return new AggregateError([shared, new RangeError('b'), 'c', shared], 'all of them')
    },
    check(arrived) {
      assert.ok(arrived instanceof AggregateError)
      assert.equal(arrived.message, 'all of them')
      const [first, second, third, fourth] = arrived.errors as unknown[]
      assert.ok(first instanceof TypeError && second instanceof RangeError && fourth instanceof TypeError)
      assert.equal(third, 'c')
      assert.ok(!Object.keys(arrived).includes('errors'))
    },
  },
  {
    name: 'an AggregateError of 1000',
    make: () => new AggregateError(Array.from({ length: 1000 }, (_, i) => new Error(`member ${i}`))),
    check(arrived) {
      const { errors } = arrived as AggregateError
      assert.equal(errors.length, 1000)
      assert.equal((errors.at(-1) as Error).message, 'member 999')
    },
  },
  {
    name: 'an error with errors that are no list',
    make: () => Object.assign(new Error('invalid'), { errors: { name: { kind: 'required' } } }),
    check: (arrived) => assert.deepEqual((arrived as Fields)['errors'], { name: { kind: 'required' } }),
  },
  {
    name: 'a DOMException',
    make: () => new DOMException('was aborted', 'AbortError'),
    check(arrived) {
      assert.ok(arrived instanceof DOMException)
      assert.deepEqual([arrived.name, arrived.message, arrived.code], ['AbortError', 'was aborted', 20])
    },
  },
  {
    name: 'a frozen error',
    make: () => Object.freeze(Object.assign(new Error('cold'), { degrees: -1 })),
    check(arrived) {
      assert.equal((arrived as Error).message, 'cold')
      assert.deepEqual({ ...(arrived as Fields) }, { degrees: -1 })
    },
  },
  {
    name: 'an error whose getters throw',
    make() {
      const get = (): never => {
        throw new Error('do not touch')
      }
      const error = define(new Error('shy'), 'secret', { get, enumerable: true })
      return define(define(error, 'cause', { get }), 'errors', { get })
    },
    check(arrived) {
      assert.equal((arrived as Error).message, 'shy')
      assert.equal((arrived as Fields)['secret'], '[reading it threw an instance of Error]')
    },
  },
  {
    name: 'an error that cannot even be named',
    make: () => define(define(new Error('m'), 'message', { get: () => ({}) }), 'stack', { value: 5 }),
    check: (arrived) => assert.deepEqual([(arrived as Error).message, (arrived as Error).stack], ['', '']),
  },
  {
    name: 'a huge stack and message',
    make: () => define(new Error('m'.repeat(10_000_000)), 'stack', { value: 'at line\n'.repeat(1_000_000) }),
    check(arrived) {
      const { message, stack } = arrived as Error
      assert.ok(message.length > 60_000 && message.length <= 65_536)
      assert.ok(stack!.length > 60_000 && stack!.length <= 65_536)
    },
  },
  {
    name: 'an error of another realm',
    make: () => runInNewContext("Object.assign(new TypeError('far away'), { code: 'E_FAR' })"),
    check(arrived) {
      assert.ok(arrived instanceof TypeError)
      assert.deepEqual([arrived.message, (arrived as Fields)['code']], ['far away', 'E_FAR'])
    },
  },
  { name: 'a string', make: () => 'just text', check: (arrived) => assert.equal(arrived, 'just text') },
  { name: 'undefined', make: () => undefined, check: (arrived) => assert.equal(arrived, undefined) },
  { name: 'null', make: () => null, check: (arrived) => assert.equal(arrived, null) },
  {
    name: 'a plain object without a prototype',
    make: () => Object.assign(Object.create(null) as object, { status: 404, toString: 5 }),
    check: (arrived) => assert.deepEqual(arrived, { status: 404, toString: 5 }),
  },
  {
    name: 'a function',
    make: () => function complain() {},
    check: (arrived) => assert.equal(arrived, '[function complain]'),
  },
  { name: 'a symbol', make: () => Symbol('s'), check: (arrived) => assert.equal(arrived, '[Symbol(s)]') },
  {
    name: 'a Proxy that throws',
    make: () =>
      new Proxy(new Error('m'), {
        get: () => {
          throw new Error('do not touch')
        },
        getPrototypeOf: () => {
          throw new Error('do not touch')
        },
      }),
    check: (arrived) => assert.equal(arrived, '[a Proxy]'),
  },
]
