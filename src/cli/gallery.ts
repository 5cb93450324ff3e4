import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MissingError } from './usage.ts'

/** One example of the gallery, as `gallery.json` beside the examples describes it. */
export type Example = {
  readonly name: string
  /** What it shows, in one line. */
  readonly shows: string
  /** Which options it has: names without `--`. */
  readonly options: readonly string[]
  /** Packages without which it does not run; the names for `npm install`. */
  readonly needs?: readonly string[]
}

/** The examples, and the file that runs each. */
export type Gallery = { readonly examples: readonly Example[]; locate(name: string): URL }

/** The compiled examples of the package; in a clone that is not built, those of the sources. */
const places = [new URL('../examples/', import.meta.url), new URL('../../examples/', import.meta.url)]

/** Reads the list of examples. */
export function openGallery(): Gallery {
  const folder = places.find((place) => existsSync(new URL('gallery.json', place)))
  if (!folder) throw new Error(`Cannot find the examples: there are none in ${fileURLToPath(places[0]!)}`)
  const examples = JSON.parse(readFileSync(new URL('gallery.json', folder), 'utf8')) as Example[]
  const locate = (name: string): URL => {
    const compiled = new URL(`${name}.js`, folder)
    return existsSync(compiled) ? compiled : new URL(`${name}.ts`, folder)
  }
  return { examples, locate }
}

/**
 * Refuses an example whose packages are not installed.
 *
 * @param file - The example: packages are looked for where it would look for them.
 * @throws {@link MissingError} With the command that mends it.
 */
export function assertInstalled({ name, needs }: Example, file: URL): void {
  const missing = listMissing(needs, file)
  if (missing.length === 0) return
  throw new MissingError(
    `Cannot run ${name}: it needs packages that are not installed; npm install ${missing.join(' ')}`,
  )
}

/** What an example shows, and what is missing for it, for lists. */
export function describe({ shows, needs }: Example, file: URL): string {
  const [missing] = listMissing(needs, file)
  return missing === undefined ? shows : `(needs ${missing}) ${shows}`
}

function listMissing(needs: readonly string[] = [], file: URL): string[] {
  return needs.filter((wanted) => !isInstalled(wanted, file))
}

function isInstalled(wanted: string, from: URL): boolean {
  for (let folder = new URL('./', from); ; folder = new URL('../', folder)) {
    if (existsSync(new URL(`node_modules/${wanted}/package.json`, folder))) return true
    if (folder.pathname === '/' || /^\/[A-Z]:\/$/i.test(folder.pathname)) return false
  }
}
