/** Builds `dist/` from `src/`. Prints nothing when all is well; exit 1 with the compiler's messages otherwise. */
import { build } from './shared/build.ts'

const { ok, output } = await build()
if (output.trim() !== '') console.error(output)
process.exitCode = ok ? 0 : 1
