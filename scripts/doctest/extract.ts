import { readFileSync } from 'node:fs'
import { toPath } from '../shared/root.ts'

/** A program of a document, with the files beside it. */
export type Example = {
  /** The folder it is written to. */
  readonly name: string
  /** The file of it that is run. */
  readonly main: string
  /** Where it comes from, as `file:line`. */
  readonly place: string
  readonly files: ReadonlyMap<string, string>
}

type Block = {
  readonly line: number
  readonly text: string
  /** Of a block that is a named file. */
  readonly file: string | undefined
  /** Blocks see the files of their own scope only: a Markdown document, or one docstring. */
  readonly scope: number
}

/** All runnable examples of a Markdown or TypeScript file. */
export function extractExamples(file: string): Example[] {
  const text = readFileSync(toPath(file), 'utf8')
  const blocks = file.endsWith('.md') ? extractBlocks(text, 1, 0) : extractFromDocstrings(text)
  return blocks
    .filter((block) => block.file === undefined || /(^|[-.])main\.ts$/.test(block.file))
    .map((block) => {
      const main = block.file ?? 'example.ts'
      const files = collectFiles(blocks, block)
      files.set(main, block.text)
      const name = `${file.replaceAll(/[^\w]+/g, '-')}-${block.line}`
      return { name, main, place: `${file}:${block.line}`, files }
    })
}

/** A name that occurs twice means the one before the example; only if there is none, the first after it. */
function collectFiles(blocks: readonly Block[], example: Block): Map<string, string> {
  const files = new Map<string, string>()
  const before = blocks.filter((block) => block.scope === example.scope && block.line < example.line)
  const after = blocks.filter((block) => block.scope === example.scope && block.line > example.line)
  for (const { file, text } of [...after.toReversed(), ...before]) {
    if (file !== undefined) files.set(file, text)
  }
  return files
}

function extractFromDocstrings(source: string): Block[] {
  return [...source.matchAll(/\/\*\*.*?\*\//gs)].flatMap((match, scope) => {
    const firstLine = source.slice(0, match.index).split('\n').length
    // In a docstring `*\/` stands for the end of a comment.
    const text = match[0].replaceAll(/^[ \t]*\* ?/gm, '').replaceAll('*\\/', '*/')
    return extractBlocks(text, firstLine, scope)
  })
}

function extractBlocks(text: string, firstLine: number, scope: number): Block[] {
  const blocks: Block[] = []
  for (const match of text.matchAll(/^([ \t]*)(`{3,})(?:ts|typescript)\b([^\n]*)\n(.*?)^\1\2[ \t]*$/gms)) {
    const [, indent = '', , info = '', body = ''] = match
    if (/\bno-run\b/.test(info)) continue
    const line = firstLine + text.slice(0, match.index).split('\n').length - 1
    const block = body.replaceAll(new RegExp(`^${indent}`, 'gm'), '')
    blocks.push({ line, text: block, file: /^\/\/ file: ([\w./-]+)\n/.exec(block)?.[1], scope })
  }
  return blocks
}
