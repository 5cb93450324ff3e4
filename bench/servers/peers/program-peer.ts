import type { RunningPeer } from '../peer.ts'
import { Program } from '../program.ts'

/** A program that says `ready` and `reloaded`, reloads on SIGHUP and ends on SIGTERM. */
export async function startProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<RunningPeer> {
  let program = new Program(args, env)
  await program.says('ready')
  return {
    root: () => program.pid,
    async reload() {
      program.child.kill('SIGHUP')
      await program.says('reloaded')
    },
    async restart() {
      await program.end()
      program = new Program(args, env)
      await program.says('ready')
    },
    stop: () => program.end(),
  }
}
