import { build } from '../shared/build.ts'
import { checkApi } from '../api-report.ts'
import { checkDocs } from '../doctest.ts'
import { toBin } from '../shared/manifest.ts'
import { runNode } from '../shared/run-command.ts'
import { checkPackage } from './package.ts'
import { runScript } from './script.ts'
import { toOutcome, type Step } from './step.ts'
import { checkFormat, checkLint } from './style.ts'
import { runTestsOn } from './tests.ts'
import { checkTypes } from './types.ts'

export type { Outcome, Step } from './step.ts'

/** In the order in which they run: what fails fast comes first. */
export const steps: readonly Step[] = [
  { name: 'format', run: checkFormat },
  { name: 'lint', run: checkLint },
  { name: 'types', run: checkTypes },
  { name: 'knip', run: async () => toOutcome(await runNode([toBin('knip', 'knip')])) },
  { name: 'build', run: async () => toOutcome(await build()) },
  { name: 'tests-22', run: () => runTestsOn('22') },
  { name: 'tests-24', run: () => runTestsOn('24') },
  { name: 'tests-26', run: () => runTestsOn('26') },
  { name: 'package', run: checkPackage },
  { name: 'api', run: checkApi },
  { name: 'docs', run: checkDocs },
  { name: 'chaos', run: () => runScript('chaos', ['--seconds', '20']) },
  { name: 'bench:smoke', run: () => runScript('bench:smoke') },
]
