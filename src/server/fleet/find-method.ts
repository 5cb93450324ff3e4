import { findClosestName } from '../../internal/closest-name.ts'

/** A call's method, ready to be called on its instance. */
export type Method = (...args: readonly unknown[]) => unknown

/** The fleet calls these by itself. */
const hooks: ReadonlySet<string> = new Set(['start', 'stop'])

/** From the instance up to the last class; what every object has is no method of it. */
function* walkChain(instance: object): Generator<object> {
  let link: object | null = instance
  while (link !== null && link !== Object.prototype && link !== Function.prototype) {
    yield link
    link = Object.getPrototypeOf(link) as object | null
  }
}

/**
 * Finds a method by its name: a function of the instance's own or of its classes. A name reaches nothing else, neither
 * `constructor` and `__proto__` nor what all objects inherit, and never runs a getter.
 */
export function findMethod(instance: object, name: string): Method | undefined {
  if (name === 'constructor' || name === '__proto__' || name === 'prototype' || hooks.has(name)) return undefined
  for (const link of walkChain(instance)) {
    const found = Object.getOwnPropertyDescriptor(link, name)
    if (found === undefined) continue
    const value: unknown = found.value
    return typeof value === 'function' ? (...args) => Reflect.apply(value, instance, args) as unknown : undefined
  }
  return undefined
}

function listMethods(instance: object): string[] {
  const names = new Set([...walkChain(instance)].flatMap((link) => Object.getOwnPropertyNames(link)))
  return [...names].filter((name) => findMethod(instance, name) !== undefined)
}

/** Why there is no method of that name, with the repair. */
export function explainNoMethod(instance: object, name: string): string {
  if (hooks.has(name)) return `the fleet calls ${name}() itself; create or stop the instance instead`
  const known = listMethods(instance)
  const closest = findClosestName(name, known)
  if (closest !== undefined) return `its class has no such method; did you mean '${closest}'?`
  return `its class has no such method; ${known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`}`
}
