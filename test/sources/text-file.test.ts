import assert from 'node:assert/strict'
import { it } from 'node:test'
import { TextFile, TextPiece, describeFile } from '../../src/sources/text-file.ts'
import { TempFolder } from '../support/temp-folder.ts'

it('reads a file at any place, and on from there', () => {
  const temp = new TempFolder()
  const path = temp.write('a.txt', 'abcä😀')
  const file = new TextFile(describeFile(path))
  assert.equal(file.read(1, 3).toString(), 'bc')
  const piece = new TextPiece(file, 1, 3)
  assert.deepEqual([piece.slice(1, 3), piece.end, piece.isAtEnd, piece.at(2)], ['bc', 3, false, 99])
  piece.extend()
  assert.deepEqual([piece.slice(2, 9), piece.isAtEnd], ['cä😀', true])
  file.close()
  temp.remove()
})
