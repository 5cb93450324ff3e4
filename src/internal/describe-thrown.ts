function describeError(error: Error, isShort: boolean): string {
  const { name, message } = error
  if (message === '') return name
  return isShort ? message : `${name}: ${message}`
}

function describe(thrown: unknown, isShort: boolean): string {
  try {
    if (thrown instanceof Error) return describeError(thrown, isShort)
    if (typeof thrown === 'function') return 'a function'
    // Its own toString() could be missing, or throw.
    return typeof thrown === 'object' && thrown !== null ? 'an object' : String(thrown)
  } catch {
    return 'something that cannot be read'
  }
}

/** Name and message of an error, or what else was thrown, in a line. Never throws, whatever was thrown. */
export function describeThrown(thrown: unknown): string {
  return describe(thrown, false)
}

/** The same without the error's name. */
export function summarizeThrown(thrown: unknown): string {
  return describe(thrown, true)
}
