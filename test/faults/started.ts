import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import type { Scenario } from '../fixtures/faults.program.ts'
import type { Deed, Fault } from '../fixtures/faults.worker.ts'
import { Program } from './program.ts'
import { newPath } from './scene.ts'

const started: Program[] = []

/** Starts a program; what is left of it after the test is ended. */
export function run(scenario: Scenario, line?: readonly string[]): Program {
  const program = new Program(scenario, line)
  started.push(program)
  return program
}

/** To be called after each test. */
export function endAll(): void {
  for (const program of started.splice(0)) program.kill()
}

/** Honest items that take a little, each leaving a line in `log` when it starts. */
export function copy(count: number, log: string, workMs = 20): Pick<Scenario, 'copies'> {
  return { copies: { count, of: { workMs, log } } }
}

/** Ids in the order in which they were started. */
export function readLog(log: string): number[] {
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').map(Number) : []
}

/** One item that does something for ever; it leaves a line when it starts. */
export function makeBusy(deed: Deed, arg?: string): { items: Fault[]; isBusy: () => boolean } {
  const log = newPath()
  return { items: [{ id: 1, log, do: deed, ...(arg && { arg }) }], isBusy: () => existsSync(log) }
}

export function hasTool(...command: readonly [string, ...string[]]): boolean {
  return spawnSync(command[0], command.slice(1), { stdio: 'ignore' }).status === 0
}
