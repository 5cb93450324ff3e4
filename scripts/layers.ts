/**
 * The layers of `src/`: what a file may import. A file imports from lower layers and from its own folder.
 *
 * A unit is a folder of `src/`, or a file in it. `oxlint.config.ts` makes rules of this table.
 */
export type Unit = {
  readonly layer: number
  /** Other units of the same layer that may be imported, all one way. */
  readonly beside?: readonly string[]
  /** Units of lower layers that must not be imported. */
  readonly never?: readonly string[]
  /** Runs in a browser too: no `node:` import. */
  readonly pure?: boolean
}

const contracts = ['queue.ts', 'backend.ts'] as const
const concrete = ['queues', 'backends'] as const

export const units: Readonly<Record<string, Unit>> = {
  'errors.ts': { layer: 0, pure: true, beside: ['internal'] },
  'options.ts': { layer: 0, pure: true, beside: ['errors.ts', 'internal'] },
  'telemetry.ts': { layer: 0, pure: true, beside: ['errors.ts', 'internal'] },
  internal: { layer: 0, pure: true, beside: ['errors.ts'] },

  codec: { layer: 1, pure: true },
  protocol: { layer: 1, pure: true, beside: ['codec'] },
  stream: { layer: 1, pure: true, beside: ['codec', 'protocol'] },
  dispatch: { layer: 1, pure: true, beside: ['codec', 'protocol', 'stream'] },
  broker: { layer: 1, pure: true },

  'queue.ts': { layer: 2 },
  'backend.ts': { layer: 2 },
  queues: { layer: 2, beside: contracts },
  loader: { layer: 2, beside: contracts },
  tools: { layer: 2, beside: contracts },
  sources: { layer: 2, beside: contracts },
  // Its entries are where the parts of a worker are joined.
  backends: { layer: 2, beside: [...contracts, 'queues', 'loader', 'tools', 'sources'] },

  // They know the contracts; which queue or backend it is, is decided at the top.
  supervisor: { layer: 3, never: concrete },
  pool: { layer: 3, beside: ['supervisor'], never: concrete },

  // Modules that run in a worker beside the user's own.
  mates: { layer: 3 },

  'engine.ts': { layer: 4 },
  engines: { layer: 4, beside: ['engine.ts'] },

  server: { layer: 5 },

  'index.ts': { layer: 6 },
  'server.ts': { layer: 6 },
  'browser.ts': { layer: 6, pure: true },
}

/** They are users of the package: they import its entries, `../index.ts` and `../server.ts`, and nothing else of it. */
export const clients: readonly string[] = ['cli', 'dashboard', 'testing']

/** The units that the given one must not import. */
export function listForbidden(name: string): string[] {
  const unit = units[name]
  if (!unit) throw new Error(`Cannot find the unit "${name}" in the table of layers`)
  const { layer, beside = [], never = [] } = unit
  return Object.entries(units)
    .filter(
      ([other, target]) =>
        other !== name && !beside.includes(other) && (target.layer >= layer || never.includes(other)),
    )
    .map(([other]) => other)
}
