import type { ToolboxLink } from '../../src/backends/entries/toolbox.ts'

/** For toolboxes of workers that have no pool. */
export const idleLink: ToolboxLink = {
  queues: {},
  emit() {},
  print() {},
  count() {},
  stop() {},
  current: () => undefined,
  heartbeat() {},
}
