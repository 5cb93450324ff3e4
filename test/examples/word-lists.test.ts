import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { loadWordLists } from '../../examples/lib/word-lists.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eisenmp-words-'))
})
after(() => rm(folder, { recursive: true }))

test('loadWordLists() reads the own small list, each word once and in lower case', async () => {
  const { words, sources, remarks } = await loadWordLists({ quick: true })
  assert.ok(words.length >= 200)
  assert.equal(new Set(words).size, words.length)
  for (const word of ['mango', 'krokodil', 'bernstein', 'sternchen', 'schilfrohr'])
    assert.ok(words.includes(word), word)
  for (const word of words) assert.match(word, /^\p{Ll}+$/u)
  assert.equal(sources.length, 1)
  assert.deepEqual(remarks, [])
})

test('loadWordLists() prefers the German list of the system and keeps only what is a word', async () => {
  const systemList = join(folder, 'ngerman')
  await writeFile(systemList, "Schilfrohr\nschilfrohr\n\nGeht's\nA-Dur\nstraße\nmango\n")
  const { words, sources } = await loadWordLists({ quick: false, systemList })
  assert.deepEqual(sources, ['274,937 English words (an-array-of-english-words)', `3 German words (${systemList})`])
  assert.deepEqual(words.slice(274_937), ['schilfrohr', 'straße'])
})

test('loadWordLists() falls back to the German list of cspell, without its flags', async () => {
  const { words, sources } = await loadWordLists({ quick: false, systemList: join(folder, 'missing') })
  assert.match(sources[1] ?? '', /^\d+,\d+ German words \(@cspell\/dict-de-de\)$/)
  const known = new Set(words)
  for (const word of ['mango', 'krokodil', 'bernstein', 'sternchen', 'schilfrohr']) assert.ok(known.has(word), word)
  assert.equal(
    words.find((word) => /[^\p{L}]/u.test(word)),
    undefined,
  )
})

test('loadWordLists() says so when there is no German list at all', async () => {
  const nowhere = { systemList: join(folder, 'missing'), germanPackage: 'a-package-that-is-not-installed' }
  const { words, remarks } = await loadWordLists({ quick: false, ...nowhere })
  assert.equal(words.length, 274_937)
  assert.match(remarks.join(), /English only/)
})
