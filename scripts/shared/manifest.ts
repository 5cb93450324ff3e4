import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { toPath } from './root.ts'

export type Manifest = {
  readonly name: string
  readonly version: string
  readonly engines: { readonly node: string }
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly scripts?: Readonly<Record<string, string>>
  readonly bin?: string | Readonly<Record<string, string>>
}

export function readManifest(path: string = toPath('package.json')): Manifest {
  return JSON.parse(readFileSync(path, 'utf8')) as Manifest
}

/** The script behind a command of an installed package, to be run by the Node that we choose. */
export function toBin(packageName: string, command: string): string {
  const home = toPath(`node_modules/${packageName}`)
  const { bin } = readManifest(join(home, 'package.json'))
  const path = typeof bin === 'string' ? bin : bin?.[command]
  if (!path) throw new Error(`Cannot find the command "${command}" in ${home}`)
  return join(home, path)
}

/** The Node whose `bin` folder comes first in PATH, for children that ask for `node`. */
export function toNodeEnv(node: string = process.execPath): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${dirname(node)}:${process.env.PATH ?? ''}` }
}
