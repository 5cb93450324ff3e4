/** A promise with its two ends outside; `promise` never raises an unhandled rejection by itself. */
export interface Deferred<T> {
  readonly promise: Promise<T>
  resolve(value: T): void
  reject(reason: unknown): void
}

export function createDeferred<T>(): Deferred<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  // Whoever awaits still gets the rejection; only the process-wide alarm for an unawaited one is silenced.
  promise.catch(() => {})
  return { promise, resolve, reject }
}
