import { EisenmpError } from '../errors.ts'
import { findClosestName } from '../internal/closest-name.ts'
import type { QueueTraits } from './queue-state.ts'

function explainUnknown(name: string, known: readonly string[], category: string | undefined): EisenmpError {
  const what = category === undefined ? `queue or category '${name}'` : `queue '${category}.${name}'`
  const closest = findClosestName(name, known)
  const repair = closest === undefined ? `there are ${known.join(', ') || 'none'}` : `did you mean '${closest}'?`
  return new EisenmpError('ERR_EISENMP_QUEUE', `Cannot find ${what}: createPool({ queues }) names none; ${repair}`)
}

/** An object whose unknown members throw: a misspelt queue is told of where it is misspelt, and not as `undefined`. */
function guard(members: Record<string, unknown>, category?: string): object {
  return new Proxy(members, {
    get(target, name) {
      if (typeof name === 'symbol' || Object.hasOwn(target, name)) return Reflect.get(target, name) as unknown
      // Asked for by `await`, `JSON.stringify` and the like.
      if (name === 'then' || name === 'toJSON' || name in Object.prototype) return undefined
      throw explainUnknown(name, Object.keys(target), category)
    },
  })
}

/** Queues by name, those of a category by category and name. */
export function arrangeQueues(
  traits: readonly QueueTraits[],
  create: (traits: QueueTraits, id: number) => object | string,
): object {
  const root: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  const categories = new Map<string, Record<string, unknown>>()
  for (const [id, each] of traits.entries()) {
    const { name, category } = each
    if (category === undefined) root[name] = create(each, id)
    else {
      const members = categories.get(category) ?? (Object.create(null) as Record<string, unknown>)
      categories.set(category, members)
      members[name] = create(each, id)
    }
  }
  for (const [category, members] of categories) root[category] = guard(members, category)
  return guard(root)
}
