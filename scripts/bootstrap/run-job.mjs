import { spawn } from 'node:child_process'
import { watchInterrupts } from './interrupts.mjs'
import { toNodeEnv } from './npm.mjs'
import { watchParent } from './parent.mjs'
import { root } from './root.mjs'

/**
 * Runs a script on the given Node in place of this process: same terminal, same signals, same end.
 *
 * @param {{ path: string }} node
 * @param {string[]} command
 * @returns {Promise<boolean>} whether it ended well
 */
export async function runJob(node, command) {
  // Before the job starts: what it says may bring a signal at once, and starting takes its time on a busy machine.
  const forward = (signal) => child.kill(signal)
  const forwarded = process.platform === 'win32' ? [] : ['SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']
  for (const signal of forwarded) process.on(signal, forward)
  const stopWatching = watchInterrupts(() => child.kill('SIGINT'))
  const child = spawn(node.path, command, { cwd: root, env: toNodeEnv(node.path), stdio: 'inherit' })
  const stopParentWatch = watchParent(() => child.kill('SIGTERM'))

  const [code, signal] = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (...end) => resolve(end))
  })

  stopParentWatch()
  await stopWatching()
  for (const name of forwarded) process.off(name, forward)
  if (signal) endBySignal(signal, command)
  else process.exitCode = code
  return code === 0
}

/** Ends this process as the child ended, so that the caller sees 128 + the signal. */
function endBySignal(signal, command) {
  if (signal !== 'SIGINT') console.error(`${command[0]} was ended by ${signal}`)
  process.kill(process.pid, signal)
  // Signals that Node catches for itself do not end it at once.
  setTimeout(() => process.exit(1), 1000)
}
