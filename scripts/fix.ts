/** Repairs what a tool can repair: lint first, since its repairs may need the formatter. */
import { listLintPaths } from './check/style.ts'
import { toBin } from './shared/manifest.ts'
import { runNode } from './shared/run-command.ts'

const args = process.argv.slice(2)
const linted = await runNode([toBin('oxlint', 'oxlint'), '--fix', ...(args.length > 0 ? args : listLintPaths())])
const formatted = await runNode([toBin('oxfmt', 'oxfmt'), ...args])
console.log(`${linted.output}\n${formatted.output}`.trim())
process.exitCode = linted.ok && formatted.ok ? 0 : 1
