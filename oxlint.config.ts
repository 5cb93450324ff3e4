import { defineConfig, type DummyRuleMap } from 'oxlint'
import { clients, listForbidden, units } from './scripts/layers.ts'

type Override = { readonly files: string[]; readonly rules: DummyRuleMap }
type Pattern = { readonly regex: string; readonly message: string }

/** Folders of `src/` are no deeper than this below it. */
const maxDepth = 3

const nodePattern: Pattern = {
  regex: '^node:',
  message: 'This layer also runs in the browser: no node: import.',
}

/** Each depth has its own rule, since only the number of `../` tells a unit of `src/` from a folder beside the file. */
const layerOverrides: Override[] = [
  ...Object.keys(units).flatMap((name) => {
    const patterns = units[name]?.pure ? [nodePattern] : []
    const others = [...listForbidden(name), ...clients]
    const message = `${name} may import from lower layers and its own folder only: see scripts/layers.ts.`
    if (name.endsWith('.ts')) return [toOverride(name, [...patterns, toPattern('\\./', others, message)])]
    return listDepths().map((depth) => {
      return toOverride(`${name}/${'*/'.repeat(depth - 1)}*.ts`, [...patterns, toPattern(toUp(depth), others, message)])
    })
  }),
  ...clients.flatMap((name) =>
    listDepths().map((depth) => {
      const message = `${name}/ is a user of the package: it imports ../index.ts and ../server.ts only.`
      const others = [
        ...Object.keys(units).filter((unit) => unit !== 'index.ts' && unit !== 'server.ts'),
        ...clients.filter((client) => client !== name),
      ]
      return toOverride(`${name}/${'*/'.repeat(depth - 1)}*.ts`, [toPattern(toUp(depth), others, message)])
    }),
  ),
]

function toUp(depth: number): string {
  return `(\\./)?${'\\.\\./'.repeat(depth)}`
}

function listDepths(): number[] {
  return Array.from({ length: maxDepth }, (_, index) => index + 1)
}

function toOverride(files: string, patterns: readonly Pattern[]): Override {
  return { files: [`src/${files}`], rules: { 'eslint/no-restricted-imports': ['error', { patterns }] } }
}

function toPattern(prefix: string, names: readonly string[], message: string): Pattern {
  const alternatives = names.map((name) => (name.endsWith('.ts') ? `${name.replace('.', '\\.')}$` : `${name}/`))
  return { regex: `^${prefix}(${alternatives.join('|')})`, message }
}

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import'],
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  categories: { correctness: 'error', suspicious: 'error' },
  env: { node: true, es2024: true },
  ignorePatterns: ['**/node_modules/**', 'dist/**', 'temp/**', 'coverage/**'],
  rules: {
    'eslint/max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
    'eslint/max-lines-per-function': ['error', { max: 60 }],
    'eslint/max-depth': ['error', 3],
    'eslint/complexity': ['error', 12],
    'eslint/no-var': 'error',
    'eslint/prefer-const': 'error',
    'eslint/eqeqeq': 'error',
    'import/no-cycle': 'error',
    'unicorn/prefer-node-protocol': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-namespace': 'error',
    // `as` stands where data comes from a wire, beside its check; a reviewer sees what a rule cannot.
    'typescript/no-unsafe-type-assertion': 'off',
    // It means window.postMessage.
    'unicorn/require-post-message-target-origin': 'off',
    'unicorn/consistent-function-scoping': 'off',
    // Words are taken apart letter by letter.
    'typescript/no-misused-spread': 'off',
    // `fc.assert` reads better than a bare `assert` beside that of node:assert.
    'import/no-named-as-default-member': 'off',
    'unicorn/no-new-array': 'off',
    // They come after a spread, that is, on a copy.
    'unicorn/no-array-sort': 'off',
    'unicorn/no-array-reverse': 'off',
    'typescript/unbound-method': 'off',
    // A loop that deletes from a map goes over a copy of its keys.
    'unicorn/no-useless-spread': 'off',
    'typescript/no-extraneous-class': ['error', { allowConstructorOnly: true }],
    'typescript/parameter-properties': 'error',
    'typescript/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
    'typescript/no-misused-promises': ['error', { checksVoidReturn: false }],
    'typescript/no-floating-promises': [
      'error',
      {
        allowForKnownSafeCalls: [
          { from: 'package', package: 'node:test', name: ['describe', 'it', 'test', 'suite', 'skip', 'todo'] },
        ],
      },
    ],
  },
  overrides: [
    { files: ['src/**/*.ts'], rules: { 'import/no-default-export': 'error' } },
    // What a mate is started by.
    { files: ['src/mates/*.ts'], rules: { 'import/no-default-export': 'off' } },
    {
      files: ['test/**/*.ts'],
      rules: {
        'eslint/max-lines': ['error', { max: 600 }],
        'eslint/max-lines-per-function': 'off',
      },
    },
    {
      files: ['bench/**/*.ts'],
      rules: { 'eslint/complexity': 'off', 'eslint/max-lines-per-function': 'off', 'eslint/max-depth': 'off' },
    },
    ...layerOverrides,
  ],
})
