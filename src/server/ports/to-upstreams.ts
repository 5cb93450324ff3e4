import { formatEndpoint } from './ip-address.ts'
import type { PlanRow } from './plan-rows.ts'
import { refuseOption } from './refuse-option.ts'

/** Where a program on the same machine reaches what listens everywhere. */
const REACHED_AT: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

/**
 * The plan as `upstream` blocks for nginx, one for each group, of the same name. For a proxy on the same machine.
 *
 * @throws EisenmpError `ERR_EISENMP_OPTION` while a port is not known
 */
export function toUpstreams(rows: readonly PlanRow[]): string {
  const open = rows.find(({ port }) => port === 0)
  if (open !== undefined) {
    throw refuseOption(
      `the ports of group '${open.group}'`,
      'they are not chosen yet',
      'take the plan of running servers',
    )
  }
  const blocks = [...Map.groupBy(rows, ({ group }) => group)].map(([group, own]) => {
    const endpoints = own.map(({ address, port }) => formatEndpoint({ address: REACHED_AT[address] ?? address, port }))
    const lines = [...new Set(endpoints)].map((endpoint) => `    server ${endpoint};\n`)
    return `upstream ${group} {\n${lines.join('')}}\n`
  })
  return blocks.join('')
}
