import { spawn, type ChildProcess } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import { toNodeEnv } from './manifest.ts'
import { toPath } from './root.ts'

export type CommandOptions = {
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  /** The command and all it started are ended after this time. */
  readonly timeoutMs?: number
}

export type CommandResult = {
  readonly ok: boolean
  /** Standard output and standard error, as they came. */
  readonly output: string
}

const killAfterMs = 5000
const running = new Set<ChildProcess>()

/** Runs a command and collects what it prints. A failure is a result, not an exception. */
export async function runCommand(
  command: string,
  args: readonly string[],
  { env, cwd = toPath('.'), timeoutMs = 300_000 }: CommandOptions = {},
): Promise<CommandResult> {
  // In a group of its own: what a test leaves behind must not outlive the step.
  const child = spawn(command, args, {
    cwd,
    env: env ?? toNodeEnv(),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  let output = ''
  const collect = (data: Buffer): void => {
    output += data.toString()
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  const timer = setTimeout(() => {
    output += `\nEnded after ${timeoutMs / 1000} s without a result\n`
    endGroup(child, 'SIGTERM')
    setTimeout(() => endGroup(child, 'SIGKILL'), killAfterMs).unref()
  }, timeoutMs)
  const ending = Promise.withResolvers<string | number | null>()
  child.on('error', (error) => ending.resolve(error.message))
  // `close` would wait for every process that inherited the pipes.
  child.on('exit', (code, signal) => setTimeout(() => ending.resolve(code ?? signal), 50))
  const end = await ending.promise
  // Some tools paint whatever NO_COLOR says, when they see CI.
  output = stripVTControlCharacters(output)
  clearTimeout(timer)
  running.delete(child)
  endGroup(child, 'SIGKILL')
  if (end === 0) return { ok: true, output }
  return { ok: false, output: `${output}\n${[command, ...args].join(' ')} ended with ${end}` }
}

/** Runs a script or a package's command on this Node. */
export function runNode(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  return runCommand(process.execPath, args, options)
}

/** Ends everything that `runCommand` has started, and then this process, when it is interrupted. */
export function endOnInterrupt(): void {
  for (const [signal, code] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const]) {
    process.once(signal, () => {
      console.error(`Ended by ${signal}`)
      for (const child of running) endGroup(child, 'SIGKILL')
      process.exit(code)
    })
  }
}

function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // Nobody of the group is left.
  }
}
