/**
 * Writes the reports of the public API in `etc/`, one per entry of package.json: `npm run api`. The gate calls `checkApi`.
 *
 * A report shows in a review what a change does to the surface. A public name without a docstring fails.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { Extractor, ExtractorConfig, ExtractorLogLevel, type ExtractorMessage } from '@microsoft/api-extractor'
import { fail, toOutcome, type Outcome } from './check/step.ts'
import { ensureBuilt } from './shared/build.ts'
import { readManifest } from './shared/manifest.ts'
import { toPath } from './shared/root.ts'
import { runCommand } from './shared/run-command.ts'

type Entry = {
  /** The report's file, from the root. */
  readonly report: string
  readonly types: string
}

/** Compares the reports with the present build. */
export async function checkApi(): Promise<Outcome> {
  const built = await ensureBuilt()
  if (!built.ok) return toOutcome(built)
  const problems: string[] = []
  for (const entry of listEntries()) {
    const messages = extract(entry, false)
    problems.push(...messages, ...(await compare(entry)))
  }
  return problems.length === 0 ? { state: 'ok' } : fail(`${problems.join('\n')}\nTo accept a change: npm run api`)
}

async function writeReports(): Promise<void> {
  const built = await ensureBuilt()
  if (!built.ok) throw new Error(built.output)
  mkdirSync(toPath('etc'), { recursive: true })
  for (const entry of listEntries()) {
    const problems = [...extract(entry, true), ...findUndocumented(entry)]
    for (const problem of problems) console.error(problem)
    if (problems.length > 0) process.exitCode = 1
    console.log(entry.report)
  }
}

function listEntries(): Entry[] {
  const { name, exports } = readManifest()
  return Object.entries(exports).flatMap(([path, target]) => {
    if (typeof target === 'string' || !target.types) return []
    const suffix = path.replace(/^\.\/?/, '').replaceAll('/', '-')
    return [{ report: `etc/${name}${suffix && `-${suffix}`}.api.md`, types: target.types.replace('./', '') }]
  })
}

/** Writes the report of the present build to `temp/api/`, and to `etc/` if `isLocal`. Returns what is wrong. */
function extract({ report, types }: Entry, isLocal: boolean): string[] {
  const problems: string[] = []
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: toPath('.'),
      mainEntryPointFilePath: toPath(types),
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'ES2024',
            lib: ['ES2024', 'ESNext.Disposable'],
            module: 'NodeNext',
            types: ['node'],
            strict: true,
          },
          files: [toPath(types)],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: basename(report),
        reportFolder: toPath('etc'),
        reportTempFolder: toPath('temp/api'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        extractorMessageReporting: { 'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: toPath('package.json'),
  })
  Extractor.invoke(config, {
    localBuild: isLocal,
    messageCallback: (message) => {
      if (isProblem(message))
        problems.push(`${message.sourceFilePath ?? report}:${message.sourceFileLine ?? 1} ${message.text}`)
      message.handled = true
    },
  })
  return problems
}

/** That the report has changed is found by comparing it, and the compiler's version is no matter. */
function isProblem({ logLevel, messageId }: ExtractorMessage): boolean {
  return logLevel === ExtractorLogLevel.Error && messageId !== 'console-api-report-not-copied'
}

async function compare(entry: Entry): Promise<string[]> {
  if (!existsSync(toPath(entry.report))) return [`${entry.report} is missing`]
  const actual = `temp/api/${basename(entry.report)}`
  const { ok, output } = await runCommand('git', ['diff', '--no-index', '--unified=1', entry.report, actual])
  return [...(ok ? [] : [output]), ...findUndocumented(entry)]
}

function findUndocumented({ report }: Entry): string[] {
  const lines = readFileSync(toPath(`temp/api/${basename(report)}`), 'utf8').split('\n')
  return lines.flatMap((line, index) => {
    if (!line.includes('(undocumented)')) return []
    return [`${report}: no docstring: ${lines[index + 1]?.trim()}`]
  })
}

if (import.meta.main) await writeReports()
