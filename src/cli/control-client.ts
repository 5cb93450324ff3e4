import { lstatSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { checkName, toSocketPath } from './control-folder.ts'
import type { ControlAnswer, ControlRequest, ProgramState, ReloadResult } from './control-messages.ts'
import { isAlive, removeIfDead } from './control-socket.ts'
import { MissingError, findClosest } from './usage.ts'

const MOST_ANSWER_BYTES = 8 * 1024 * 1024
const PATIENCE_MS = 5000

/** The names of programs whose sockets are in the folder, alive or not. */
function listNames(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sock') && lstatSync(join(folder, file), { throwIfNoEntry: false })?.isSocket())
    .map((file) => file.slice(0, -5))
    .toSorted()
}

/** What all running programs say of themselves. Sockets of dead ones are removed. */
export async function listPrograms(folder: string): Promise<ProgramState[]> {
  const found = await Promise.all(listNames(folder).map((name) => askOrTidy(folder, name)))
  return found.filter((state) => state !== undefined)
}

/** `undefined`: it has ended, or does not answer, which is told. */
async function askOrTidy(folder: string, name: string): Promise<ProgramState | undefined> {
  if (await removeIfDead(toSocketPath(folder, name))) return undefined
  try {
    return await askState(folder, name)
  } catch (error) {
    console.error(`${name} does not answer: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}

/**
 * What one running program says of itself.
 *
 * @throws {@link MissingError} When there is none of this name, naming the closest.
 */
export async function askState(folder: string, name: string): Promise<ProgramState> {
  const answer = await ask(folder, name, { command: 'ps' }, PATIENCE_MS)
  if (answer.kind === 'state') return answer.state
  throw new MissingError(
    `Cannot read the state of ${name}: ${answer.kind === 'error' ? answer.message : 'it says something else'}`,
  )
}

/** Has a running program reload, and waits as long as that takes. */
export async function askReload(folder: string, name: string): Promise<ReloadResult> {
  const answer = await ask(folder, name, { command: 'reload' }, undefined)
  if (answer.kind === 'reloaded') return answer.report
  throw new MissingError(
    `Cannot reload ${name}: ${answer.kind === 'error' ? answer.message : 'it says something else'}`,
  )
}

async function ask(
  folder: string,
  name: string,
  request: ControlRequest,
  patienceMs: number | undefined,
): Promise<ControlAnswer> {
  checkName(name)
  const path = toSocketPath(folder, name)
  if (!(await isAlive(path))) throw await explainMissing(folder, name)
  const line = await exchange(path, `${JSON.stringify(request)}\n`, patienceMs)
  return JSON.parse(line) as ControlAnswer
}

async function explainMissing(folder: string, name: string): Promise<MissingError> {
  const alive: string[] = []
  for (const other of listNames(folder)) if (await isAlive(toSocketPath(folder, other))) alive.push(other)
  const closest = findClosest(name, alive)
  const known = alive.length === 0 ? 'none runs' : `there ${alive.length === 1 ? 'is' : 'are'} ${alive.join(', ')}`
  return new MissingError(
    `There are no servers named ${name}: ${closest === undefined ? known : `did you mean ${closest}?`}`,
  )
}

function exchange(path: string, line: string, patienceMs: number | undefined): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const socket = connect(path, () => socket.write(line))
  if (patienceMs !== undefined) {
    socket.setTimeout(patienceMs, () => socket.destroy(new Error(`no answer within ${patienceMs} ms`)))
  }
  let text = ''
  socket.setEncoding('utf8').on('data', (more: string) => {
    text += more
    if (text.length > MOST_ANSWER_BYTES) socket.destroy(new Error('the answer is too long'))
  })
  socket.on('error', reject)
  socket.on('close', () => {
    if (text.endsWith('\n')) resolve(text)
    else reject(new Error('it has ended before it answered'))
  })
  return promise
}
