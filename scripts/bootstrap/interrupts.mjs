import { spawn } from 'node:child_process'

const repeatMs = 500
const groupWaitMs = 150

/**
 * Passes an interrupt on exactly once.
 *
 * Ctrl-C reaches the whole process group, so the job has it already; npm then sends it a second time to this process
 * alone. A job that drains on the first interrupt and stops at the second must not see both. But `kill -INT` of npm or
 * of this process reaches the job only through us. Node does not tell who sent a signal, so a canary does: a `cat` in the
 * same group dies of a signal to the group and of no other, and ends by itself with our end of its pipe.
 *
 * @param {() => void} forward
 * @returns {() => Promise<void>} stops the watch
 */
export function watchInterrupts(forward) {
  if (process.platform === 'win32') return ignoreInterrupts()
  let lastSeenAt = -Infinity
  let waiting
  let canary

  const onInterrupt = () => {
    if (waiting !== undefined || Date.now() - lastSeenAt < repeatMs) return
    waiting = setTimeout(() => {
      waiting = undefined
      lastSeenAt = Date.now()
      if (!canary.isDead()) return forward()
      canary = startCanary()
    }, groupWaitMs)
  }
  process.on('SIGINT', onInterrupt)
  canary = startCanary()
  return () => {
    process.off('SIGINT', onInterrupt)
    clearTimeout(waiting)
    return canary.stop()
  }
}

/** A console of Windows sends Ctrl-C to all of its processes. */
function ignoreInterrupts() {
  const ignore = () => {}
  process.on('SIGINT', ignore)
  return async () => {
    process.off('SIGINT', ignore)
  }
}

function startCanary() {
  const child = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] })
  let isDead = false
  child.on('exit', (_code, signal) => {
    isDead = signal === 'SIGINT'
  })
  // Without a `cat` the job hears nothing of a direct signal, as under a plain terminal.
  child.on('error', () => {
    isDead = true
  })
  child.stdin.on('error', () => {})
  // Waited for, or it stays a zombie where nobody reaps orphans, as in many containers.
  const ended = new Promise((resolve) => child.on('close', resolve).on('error', resolve))
  const stop = () => {
    child.stdin.end()
    return ended
  }
  return { isDead: () => isDead, stop }
}
