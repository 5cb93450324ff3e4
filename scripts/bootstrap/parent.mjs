const lookMs = 500

/**
 * Calls back when the shell that npm started is gone. npm passes a signal on to that shell alone, and most shells then
 * leave their child behind: a stopped `npm start` would run on.
 *
 * @param {() => void} onGone
 * @returns {() => void} stops the watch
 */
export function watchParent(onGone) {
  if (process.platform === 'win32' || !process.env.npm_lifecycle_event) return () => {}
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    onGone()
  }, lookMs)
  return () => clearInterval(timer)
}
