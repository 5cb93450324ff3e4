import { EisenmpError } from '../errors.ts'

/** A chunk came too late for its queue. */
export function explainClosed(queue: string, loop?: string): EisenmpError {
  const place = loop === undefined ? '' : ` in loop '${loop}'`
  const text = `Cannot put into queue '${queue}'${place}: it is closed; close a queue behind the last put`
  return new EisenmpError('ERR_EISENMP_QUEUE', text)
}
