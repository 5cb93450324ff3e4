import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { extractExamples } from '../../scripts/doctest/extract.ts'
import { toPath } from '../../scripts/shared/root.ts'

const fence = '```'

describe('extractExamples()', () => {
  let folder = ''

  before(() => {
    mkdirSync(toPath('temp'), { recursive: true })
    folder = mkdtempSync(toPath('temp/extract-'))
  })

  after(() => rmSync(folder, { recursive: true, force: true }))

  function extract(name: string, text: string): ReturnType<typeof extractExamples> {
    writeFileSync(`${folder}/${name}`, text)
    return extractExamples(relative(toPath('.'), `${folder}/${name}`))
  }

  it('takes each block of a Markdown file, with its line', () => {
    const examples = extract('a.md', `# A\n\n${fence}ts\none\n${fence}\n\ntext\n\n${fence}ts\ntwo\n${fence}\n`)
    assert.deepEqual(
      examples.map(({ place, files }) => [place.split(':')[1], files.get('example.ts')]),
      [
        ['3', 'one\n'],
        ['9', 'two\n'],
      ],
    )
  })

  it('leaves other languages and what is marked no-run', () => {
    assert.deepEqual(
      extract('b.md', `${fence}js\n1\n${fence}\n${fence}ts no-run\n2\n${fence}\n${fence}\n3\n${fence}\n`),
      [],
    )
  })

  it('puts a named file beside the examples, the nearest before, else the first after', () => {
    const worker = (text: string): string => `${fence}ts\n// file: w.worker.ts\n${text}\n${fence}\n`
    const [first, second] = extract(
      'c.md',
      `${fence}ts\n1\n${fence}\n${worker('a')}${worker('b')}${fence}ts\n2\n${fence}\n`,
    )
    assert.match(first?.files.get('w.worker.ts') ?? '', /a\n$/)
    assert.match(second?.files.get('w.worker.ts') ?? '', /b\n$/)
  })

  it('runs a named file that is a main program', () => {
    const [example] = extract('d.md', `${fence}ts\n// file: main.ts\nimport './w.worker.ts'\n${fence}\n`)
    assert.equal(example?.main, 'main.ts')
  })

  it('finds the examples of docstrings, each a scope of its own', () => {
    const doc = (body: string): string =>
      `/**\n * Text.\n *\n * ${fence}ts\n${body} * ${fence}\n */\nexport const x = 1\n\n`
    const examples = extract('e.ts', doc(' * // file: w.ts\n') + doc(' * if (a) {\n *   b *\\/ c\n * }\n'))
    assert.equal(examples.length, 1)
    assert.equal(examples[0]?.files.get('example.ts'), 'if (a) {\n  b */ c\n}\n')
    assert.equal(examples[0]?.files.has('w.ts'), false)
    assert.match(examples[0]?.place ?? '', /:13$/)
  })
})
