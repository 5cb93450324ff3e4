import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { makeArray, makeBytes, makeColumns, makeTable, makeWords } from '../../src/tools/make-tools.ts'

describe('tools of what cannot be one', () => {
  const cases: readonly (readonly [name: string, make: () => unknown, message: RegExp])[] = [
    ['bytes', () => makeBytes(5 as never), /'bytes': its source is 5; give bytes, a buffer/],
    ['bytes of a DataView', () => makeBytes(new DataView(new ArrayBuffer(1)) as never), /'bytes'/],
    [
      'an array',
      () => makeArray([1, 2], undefined),
      /'array': its source is an array of 2; give a typed array, or its class/,
    ],
    ['a class alone', () => makeArray(Float64Array, undefined), /'array': its source is undefined/],
    ['a number', () => makeArray(Float64Array, 5), /'array': its source is 5/],
    ['words', () => makeWords({} as never), /'words': its source is an object; give a path/],
    ['a table', () => makeTable(null, '\t'), /'table': its source is null; give a Map/],
    ['a separator', () => makeTable('path', ''), /'separator' of tool\.table\(\): it is ""/],
    ['columns', () => makeColumns({ a: 5 }, undefined), /'columns': its source is an object; give name → typed array/],
    ['types', () => makeColumns({ a: Number }, []), /'columns': its source is an object; give name → String or class/],
    ['rows', () => makeColumns({ a: String }, 'path'), /'columns': its source is "path"; give rows/],
  ]
  for (const [name, make, message] of cases) {
    it(`are refused at once: ${name}`, () => assert.throws(make, { code: 'ERR_EISENMP_OPTION', message }))
  }
})
