import type { TelemetryEvents } from '../telemetry.ts'

/** How a worker is, as its watchdog sees it. */
export type Heartbeat = Omit<TelemetryEvents['eisenmp:worker:heartbeat'], 'worker' | 'index'>

/** A worker that names more kinds is broken. */
const MAX_KINDS = 200
const MAX_TEXT = 1000

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < Infinity
}

function isText(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && value.length <= MAX_TEXT)
}

function areHandles(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const entries = Object.entries(value)
  return entries.length <= MAX_KINDS && entries.every(([kind, count]) => isText(kind) && isAmount(count))
}

export function isHeartbeat(value: unknown): value is Heartbeat {
  if (typeof value !== 'object' || value === null) return false
  const { beat, lagMs, heapMb, handles, task, ticket, forMs, crossed } = value as Record<keyof Heartbeat, unknown>
  if (!isAmount(beat) || !isAmount(lagMs) || !isAmount(heapMb) || !areHandles(handles)) return false
  return [task, ticket, crossed].every(isText) && (forMs === undefined || isAmount(forMs))
}

/** By it a mate reaches the pool through its toolbox; not for tasks. */
export const HEARTBEAT: unique symbol = Symbol.for('eisenmp.heartbeat') as never
