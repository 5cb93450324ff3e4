import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Served } from './served.ts'
import { TempFolder } from './temp-folder.ts'

/** A server for the tests of the command line. */
export const servedModule: string = fileURLToPath(new URL('../fixtures/cli.server.ts', import.meta.url))

/** What the tests of one file run, with a folder of their own for control sockets; all ends with the file. */
export interface ServedPlace {
  readonly temp: TempFolder
  readonly runtimeDir: string
  readonly env: { readonly XDG_RUNTIME_DIR: string }
  start(...args: readonly string[]): Served
  /** Ends it too, if it is still there. */
  watch(served: Served): Served
}

export function openServedPlace(): ServedPlace {
  const temp = new TempFolder()
  const runtimeDir = join(temp.path, 'run')
  mkdirSync(runtimeDir)
  const env = { XDG_RUNTIME_DIR: runtimeDir }
  const running: Served[] = []
  const watch = (served: Served): Served => {
    running.push(served)
    return served
  }
  after(() => {
    for (const { child } of running) child.kill('SIGKILL')
    temp.remove()
  })
  return { temp, runtimeDir, env, watch, start: (...args) => watch(new Served(args, env)) }
}

export async function askServed(url: string): Promise<string> {
  return (await fetch(url, { headers: { connection: 'close' } })).text()
}
