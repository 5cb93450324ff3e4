import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explainError } from '../../src/cli/explain-error.ts'
import { TempFolder } from '../support/temp-folder.ts'

function withCause(message: string, stack: string): Error {
  const cause = new Error(message)
  cause.stack = stack
  return new Error(`Cannot start a worker: ${message}`, { cause })
}

test('explainError() shows the frames of the user’s code', () => {
  const own = new URL('../../src/server.ts', import.meta.url).href
  const error = withCause(
    'no database',
    `Error: no database\n    at open (file:///srv/db.ts:3:9)\n    at make (${own}:1:1)\n    at run (node:internal/x:1:1)`,
  )
  assert.equal(
    explainError(error),
    'Cannot start a worker: no database\nError: no database\n    at open (file:///srv/db.ts:3:9)',
  )
})

test('explainError() shows the line that does not compile', () => {
  const stack =
    "file:///srv/shop.ts:2\nconst a = 'x\n          ^^\n\nSyntaxError: Unterminated\n    at x (node:internal/y:1:1)"
  assert.match(
    explainError(withCause('broken', stack)),
    /broken\nfile:\/\/\/srv\/shop\.ts:2\nconst a = 'x\n {10}\^\^\n/,
  )
})

test('explainError() shows it also when Node tells the path of the file', () => {
  const stack =
    '/srv/shop.ts:1\nexport x y\n\nSyntaxError [ERR_INVALID_TYPESCRIPT_SYNTAX]: odd\n    at x (node:internal/y:1:1)'
  assert.match(explainError(withCause('odd', stack)), /odd\n\/srv\/shop\.ts:1\nexport x y\n/)
})

test('explainError() asks for the place where the error does not know it', () => {
  const temp = new TempFolder()
  const file = temp.write('shop.mjs', "const a = 1\nconst b = 'x\n")
  const cause = Object.assign(new SyntaxError('odd'), { stack: 'SyntaxError: odd\n    at x (node:internal/y:1:1)' })
  const error = new Error('Cannot start a worker: odd', { cause })
  assert.match(explainError(error, file), /odd\n[^\n]*shop\.mjs:2\nconst b = 'x\n +\^/)
  assert.equal(explainError(error, temp.write('whole.mjs', '')), error.message)
  temp.remove()
})

test('explainError() shows the message alone when there is nothing of the user’s in the stack', () => {
  assert.equal(
    explainError(withCause('busy', 'Error: listen EADDRINUSE\n    at x (node:net:1:1)')),
    'Cannot start a worker: busy',
  )
  assert.equal(explainError(new Error('plain')), 'plain')
  assert.equal(explainError('\u001b[31mtext'), 'text')
})
