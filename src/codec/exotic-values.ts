interface NodeTypes {
  isProxy(value: unknown): boolean
}
interface NodeProcess {
  getBuiltinModule?(name: string): { types: NodeTypes } | undefined
}

const nodeProcess = (globalThis as { process?: NodeProcess }).process
const nodeTypes = nodeProcess?.getBuiltinModule?.('node:util')?.types
const tagOf = Object.prototype.toString

/** A browser has no way to see a proxy; there structured clone itself refuses it when it is sent. */
export function isProxy(value: object): boolean {
  return nodeTypes === undefined ? false : nodeTypes.isProxy(value)
}

/** `arguments` looks like a plain object, yet structured clone refuses it. */
export function isArguments(value: object): boolean {
  return !Object.hasOwn(value, Symbol.toStringTag) && tagOf.call(value) === '[object Arguments]'
}

/** Names a value for an error message; never runs code of the value's own. */
export function nameKind(value: unknown): string {
  if (typeof value === 'function') return value.name === '' ? 'a function' : `function ${value.name}`
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`
  if (isProxy(value)) return 'a Proxy'
  const maker: unknown = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(value) ?? {}, 'constructor')?.value
  return typeof maker === 'function' && maker.name !== '' ? `an instance of ${maker.name}` : 'an object'
}

/** What structured clone makes of a boxed primitive, a date, a RegExp or an error: every channel knows it. */
const leafTags: ReadonlySet<string> = new Set(
  ['Boolean', 'Number', 'String', 'BigInt', 'Date', 'RegExp', 'Error'].map((name) => `[object ${name}]`),
)

export function isLeaf(value: object): boolean {
  return leafTags.has(tagOf.call(value))
}
