import type { WorkerModule } from '../../backend.ts'
import { LoadError } from '../../loader/import-tasks.ts'
import { showValue } from '../../options.ts'
import type { InstanceToolbox } from './instance-toolbox.ts'

/** The class of a fleet's instances. */
export type InstanceClass = new (input: unknown, toolbox: InstanceToolbox) => object

function isConstructor(value: unknown): value is InstanceClass {
  return typeof value === 'function' && typeof value.prototype === 'object' && value.prototype !== null
}

/** Compiled classes are plain functions; among several exports only what is written as a class counts as one. */
function isClass(value: unknown): value is InstanceClass {
  return isConstructor(value) && /^class\b/.test(Function.prototype.toString.call(value))
}

/**
 * Finds the class that a fleet's module exports: the one that is asked for, the default export, or the only class.
 *
 * @throws LoadError that says what was found instead.
 */
export function findClass(
  exported: Readonly<Record<string, unknown>>,
  { url, export: name }: WorkerModule,
): InstanceClass {
  const named = exported[name]
  if (isConstructor(named)) return named
  // All of a CommonJS module's exports, where Node has not found their names.
  const whole = typeof named === 'object' && named !== null && name === 'default' ? named : {}
  const classes = [...Object.entries(exported), ...Object.entries(whole)].filter(([, value]) => isClass(value))
  const distinct = new Map(classes.map(([key, value]) => [value, key]))
  if (name === 'default' && distinct.size === 1) return [...distinct.keys()][0] as InstanceClass
  throw new LoadError(
    `fleet module ${url} has no class for the instances: ${describe(exported, name, distinct)}`,
    url,
    undefined,
  )
}

function describe(exported: object, name: string, classes: ReadonlyMap<unknown, string>): string {
  if (name !== 'default') return `its export '${name}' is ${showValue((exported as Record<string, unknown>)[name])}`
  const names = [...classes.values()].map((key) => `'${key}'`)
  if (names.length > 1) {
    return `it exports the classes ${names.join(', ')}; name one: module: { url, export: ${names[0]} }, or make it the default`
  }
  return 'it exports none; export one: export class Radio { constructor(input, toolbox) { … } }'
}
