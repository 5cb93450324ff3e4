import { createProcessHosts } from '../../src/server/hosts/process-host.ts'
import { createThreadHosts } from '../../src/server/hosts/thread-host.ts'
import type { CrewEvents, CrewPlan } from '../../src/server/crew-plan.ts'
import { readRules } from '../../src/server/serve-options.ts'
import { readHealth } from '../../src/supervisor/health.ts'
import { createSpec } from './hosted.ts'

/** The plan of a crew of so many seats, each with a server at a port of its own; `log` has what its owner was told. */
export function planCrew(
  seats: number,
  {
    backend = 'threads',
    module,
    options = {},
    health = {},
  }: {
    readonly backend?: 'threads' | 'processes'
    readonly module?: URL
    readonly options?: Record<string, unknown>
    readonly health?: Record<string, unknown>
  } = {},
): { readonly plan: CrewPlan; readonly log: string[] } {
  const log: string[] = []
  const events: CrewEvents = {
    custom() {},
    print() {},
    output() {},
    ready: ({ key }) => log.push(`${key} ready`),
    leaving: ({ key }, reason) => log.push(`${key} leaving: ${reason}`),
    gone: ({ key }) => log.push(`${key} gone`),
    gaveUp: (seat) => log.push(`${seat} gave up`),
  }
  const plan: CrewPlan = {
    rules: readRules('serve', options).rules,
    health: readHealth('serve', health),
    seats: Array.from({ length: seats }, (_, i) => ({ group: 'main', name: `main-${i}`, cores: undefined })),
    hosts: backend === 'threads' ? createThreadHosts() : createProcessHosts(),
    makeSpec: (index, generation, replaces) => {
      const own = {
        index,
        generation,
        name: `main-${index}`,
        ...(module && { module: { url: module.href, export: 'default' } }),
      }
      const how = replaces && backend === 'threads' ? 'adopt' : 'reuse'
      return createSpec({ ...own, servers: [{ index: 0, address: '127.0.0.1', port: 0, how }] })
    },
    getResources: () => ({ fds: [] }),
    events,
  }
  return { plan, log }
}
