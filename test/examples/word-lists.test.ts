import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { loadGerman, loadWordLists } from '../../examples/lib/word-lists.ts'

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

test('loadGerman() prefers the list of the system and keeps only what is a word', async () => {
  const systemList = join(folder, 'ngerman')
  await writeFile(systemList, "Schilfrohr\nschilfrohr\n\nGeht's\nA-Dur\nstraße\nmango\n")
  const german = await loadGerman({ systemList })
  assert.equal(german?.name, `German words (${systemList})`)
  assert.deepEqual([...german.words], ['schilfrohr', 'straße', 'mango'])
})

test('loadGerman() falls back to the list of cspell, without its flags', async () => {
  const german = await loadGerman({ systemList: join(folder, 'missing') })
  assert.equal(german?.name, 'German words (@cspell/dict-de-de)')
  for (const word of ['mango', 'krokodil', 'bernstein', 'sternchen', 'schilfrohr'])
    assert.ok(german.words.has(word), word)
  for (const word of german.words) if (/[^\p{L}]/u.test(word)) assert.fail(word)
})

test('loadWordLists() says so when there is no German list at all', async () => {
  const nowhere = { systemList: join(folder, 'missing'), germanPackage: 'a-package-that-is-not-installed' }
  const { words, remarks } = await loadWordLists({ quick: false, ...nowhere })
  assert.equal(words.length, 274_937)
  assert.match(remarks.join(), /English only/)
})
