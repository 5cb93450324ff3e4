import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { isFilePath, isOnce, visitItems, visitLines } from '../../src/tools/read-source.ts'
import { TempFolder } from '../support/temp-folder.ts'

const folder = new TempFolder()
after(() => folder.remove())

async function readLines(path: string | URL): Promise<string[]> {
  const lines: string[] = []
  await visitLines(path, (line) => lines.push(line))
  return lines
}

describe('visitLines()', () => {
  it('gives every line that is not empty', async () => {
    const line = fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n\ufeff]/.test(text))
    const property = fc.asyncProperty(fc.array(line), fc.constantFrom('\n', '\r\n'), async (lines, end) => {
      assert.deepEqual(
        await readLines(folder.write('lines.txt', lines.join(end))),
        lines.filter((text) => text !== ''),
      )
    })
    await fc.assert(property, { numRuns: 50 })
  })

  it('reads lines longer than a piece, cut anywhere', async () => {
    const lines = ['é'.repeat(1_500_000), '😀'.repeat(400_000), 'z']
    assert.deepEqual(await readLines(pathToFileURL(folder.write('long.txt', lines.join('\n')))), lines)
  })
})

describe('visitItems()', () => {
  it('lets others have their turn', async () => {
    let turns = 0
    const timer = setInterval(() => (turns += 1), 0)
    let count = 0
    await visitItems(new Uint8Array(2_000_000), () => (count += 1))
    clearInterval(timer)
    assert.equal(count, 2_000_000)
    assert.ok(turns > 0)
  })

  it('closes a source whose item is refused', async () => {
    let isClosed = false
    function* source(): Generator<number> {
      try {
        yield 1
      } finally {
        isClosed = true
      }
    }
    const refuse = (): void => assert.fail('no')
    await assert.rejects(visitItems(source(), refuse), /no/)
    assert.ok(isClosed)
  })
})

describe('kinds of sources', () => {
  it('tells what can be read once only', () => {
    const once = [[].values(), (function* () {})(), (async function* () {})(), new Map().entries()]
    const again = [[], new Set(), new Map(), 'path', new Uint8Array(1), { async *[Symbol.asyncIterator]() {} }]
    assert.deepEqual([...once, ...again].map(isOnce), [...once.map(() => true), ...again.map(() => false)])
    assert.ok(isFilePath(new URL('file:///a')) && isFilePath('a') && !isFilePath(['a']))
  })
})
