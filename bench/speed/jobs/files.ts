import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { openFlights, readColumn } from '../../../examples/lib/flights.ts'
import { loadWordLists } from '../../../examples/lib/word-lists.ts'

/** The word lists of the examples: all words, and those of one length. */
export async function writeWords(
  folder: string,
  length: number,
  isSmall: boolean,
): Promise<{ all: string; fitting: string }> {
  const { words } = await loadWordLists({ quick: isSmall })
  const paths = { all: `${folder}/words-all.txt`, fitting: `${folder}/words-fitting.txt` }
  writeFileSync(paths.all, words.join('\n'))
  writeFileSync(paths.fitting, words.filter((word) => word.length === length).join('\n'))
  return paths
}

/** The flights of the examples as text. */
export async function writeFlights(folder: string, isSmall: boolean): Promise<string> {
  const path = `${folder}/flights.csv`
  const file = openSync(path, 'w')
  writeSync(file, 'row,delay,distance\n')
  const [delays, distances] = [
    await openFlights('delay', isSmall),
    await openFlights(isSmall ? 'delay' : 'distance', isSmall),
  ]
  for (const [at, group] of delays.groups.entries()) {
    const delay = await readColumn(group)
    const distance = await readColumn(distances.groups[at]!)
    writeSync(file, delay.map((minutes, row) => `${group.rowStart + row},${minutes},${distance[row]}\n`).join(''))
  }
  closeSync(file)
  return path
}
