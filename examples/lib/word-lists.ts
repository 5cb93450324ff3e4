import type { ITrie } from 'cspell-trie-lib'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

/** The words of the lists that could be read, lower case, each once, and what a user should know about them. */
export type WordLists = { words: string[]; sources: string[]; remarks: string[] }

/** Where to look for words. */
export type WordListOptions = {
  /** Reads the small list of this folder instead of the real ones. */
  quick: boolean
  /** The German word list of the system; `/usr/share/dict/ngerman` by default. */
  systemList?: string
  /** The package with the German list that is read when the system has none. */
  germanPackage?: string
}

/**
 * Reads the English and the German word list.
 *
 * Without any German list the English words are returned, without the English list the small one of this folder; a remark
 * says so.
 */
export async function loadWordLists(options: WordListOptions): Promise<WordLists> {
  if (options.quick) return collectLists([await loadOwnList()], [])
  const english = await loadEnglish()
  if (!english) {
    const remark =
      'No English word list was found: the small own one instead. `npm install an-array-of-english-words` brings it.'
    return collectLists([await loadOwnList()], [remark])
  }
  const german = await loadGerman(options)
  if (german) return collectLists([english, german], [])
  return collectLists(
    [english],
    ['No German word list was found: English only. `apt install wngerman` or `npm install` brings one.'],
  )
}

/** One list of words, and where it is from. */
export type WordList = { name: string; words: Set<string> }

function collectLists(lists: WordList[], remarks: string[]): WordLists {
  const all = new Set<string>()
  for (const list of lists) for (const word of list.words) all.add(word)
  const sources = lists.map((list) => `${list.words.size.toLocaleString('en-US')} ${list.name}`)
  return { words: [...all], sources, remarks }
}

async function loadOwnList(): Promise<WordList> {
  const text = await readFile(new URL('../data/words.txt', import.meta.url), 'utf8')
  return { name: 'English and German words (own small list)', words: toWords(text.split('\n')) }
}

async function loadEnglish(): Promise<WordList | undefined> {
  const file = resolvePackage('an-array-of-english-words')
  if (!file) return undefined
  const entries: unknown = JSON.parse(await readFile(file, 'utf8'))
  if (!Array.isArray(entries)) throw new Error(`Cannot read a word list from ${fileURLToPath(file)}: it holds no array`)
  return { name: 'English words (an-array-of-english-words)', words: toWords(entries.map(String)) }
}

/** Reads the list of the system, else that of the package; `undefined` when there is neither. */
export async function loadGerman({
  systemList = '/usr/share/dict/ngerman',
  germanPackage = '@cspell/dict-de-de',
}: Omit<WordListOptions, 'quick'>): Promise<WordList | undefined> {
  const text = await readFile(systemList, 'utf8').catch(() => undefined)
  if (text !== undefined) return { name: `German words (${systemList})`, words: toWords(text.split('\n')) }
  const extension = resolvePackage(`${germanPackage}/cspell-ext.json`)
  if (!extension) return undefined
  const packed = await readFile(new URL('./de_DE.trie.gz', extension))
  const { decodeTrie } = await import('cspell-trie-lib')
  return { name: `German words (${germanPackage})`, words: toWords(listTrie(decodeTrie(gunzipSync(packed)))) }
}

/** More than half of the entries begin with a flag of cspell; to walk only over the others takes half the time. */
function* listTrie({ data }: ITrie): Generator<string> {
  for (const beginning of data.getRoot().keys()) if (/^\p{L}/u.test(beginning)) yield* data.words(beginning)
}

function resolvePackage(specifier: string): URL | undefined {
  try {
    return new URL(import.meta.resolve(specifier))
  } catch {
    return undefined
  }
}

/** Entries of cspell's list that hold one of `~ ! + * -` are parts of words: only entries of nothing but letters are kept. */
function toWords(entries: Iterable<string>): Set<string> {
  const words = new Set<string>()
  for (const entry of entries) if (/^\p{L}+$/u.test(entry)) words.add(entry.normalize('NFC').toLowerCase())
  return words
}
