import { readFileSync } from 'node:fs'
import type { KnipConfig } from 'knip'

const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Readonly<Record<string, string | { readonly default: string }>>
}

/** The sources of what is published. */
const published = Object.values(exports)
  .flatMap((target) => (typeof target === 'string' ? [] : target.default))
  .map((path) => path.replace('./dist/', 'src/').replace(/\.js$/, '.ts'))

const config: KnipConfig = {
  entry: [
    ...published,
    'src/cli/bin.ts',
    // Started by a URL, not by an import.
    'src/backends/entries/{thread,process,web}.ts',
    'src/server/service-entries/{thread,process}.ts',
    'scripts/*.{ts,mjs}',
    'test/**/*.{test,test-d}.ts',
    'test/chaos/chaos.ts',
    // Worker modules, opened by name, and modules of which the type tests take the type.
    'test/fixtures/**/*.ts',
    'test/**/*.worker.ts',
    'test/types/*.ts',
    'examples/*.ts',
  ],
  project: ['src/**/*.ts', 'scripts/**/*.{ts,mjs}', 'test/**/*.ts', 'examples/**/*.ts'],
  ignoreExportsUsedInFile: true,
  // Of the system: where taskset is missing, workers are not pinned; tests do without the others.
  ignoreBinaries: ['taskset', 'openssl', 'mkfifo', 'mount', 'umount', 'ip', 'ss', 'unshare'],
  ignoreDependencies: [
    // Their commands are run by path: toBin() in scripts/shared/manifest.ts.
    '@arethetypeswrong/cli',
    'c8',
    // Loaded by the place where it is found: src/tools/find-driver.ts.
    'lmdb',
    'oxfmt',
    'publint',
    // Imported without their types: test/support/hono.ts.
    '@hono/node-server',
    'hono',
    // Word lists, read as data.
    '@cspell/dict-de-de',
    'an-array-of-english-words',
  ],
}

export default config
