import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBooks } from '../../src/dispatch/books.ts'

test('createBooks() gives books of their own, empty', () => {
  const books = createBooks()
  for (const [name, count] of Object.entries(books)) assert.equal(count, 0, name)
  books.pulled = 1
  assert.equal(createBooks().pulled, 0)
})
