/**
 * Builds `dist/` from `src/`. Prints nothing when all is well; exit 1 with the compiler's messages otherwise.
 *
 *     node scripts/build.ts [--if-stale]
 */
import { build, ensureBuilt } from './shared/build.ts'

const { ok, output } = await (process.argv.includes('--if-stale') ? ensureBuilt() : build())
if (output.trim() !== '') console.error(output)
process.exitCode = ok ? 0 : 1
