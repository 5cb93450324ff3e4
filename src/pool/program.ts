import type { Program } from '../protocol/messages.ts'

/** Names the tasks of a program for a message: `'parse' → 'check'`. */
export function describeProgram({ stages, sink }: Program): string {
  const names = stages.map(({ task }) => `'${task}'`)
  if (sink.kind === 'reduce') names.push(`'${sink.task}'`)
  return names.length === 0 ? 'no task' : names.join(' → ')
}
