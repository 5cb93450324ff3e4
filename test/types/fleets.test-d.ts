import type { Fleet, InstanceStream, MethodName } from '../../src/server.ts'
import { expectType } from './expect-type.ts'

interface Radio {
  readonly url: string
  listen(isHeard: boolean, volume?: number): Promise<string>
  pause(): void
  start(): void
  stop(): Promise<void>
}

declare const radios: Fleet<Radio, { audio: Uint8Array }>
declare const untyped: Fleet
declare const names: MethodName<Radio>
expectType<'listen' | 'pause'>()(names)

const radio = radios.get('one')
expectType<Promise<string>>()(radio.call('listen', true))
expectType<Promise<string>>()(radio.with({ timeoutMs: 5 }).call('listen', true, 3))
expectType<Promise<void>>()(radio.call('pause'))
expectType<InstanceStream<Uint8Array>>()(radio.stream('audio', { policy: 'latest' }))

// @ts-expect-error an argument is missing
void radio.call('listen')
// @ts-expect-error an argument of another type
void radio.call('listen', 'yes')
// @ts-expect-error no method of the class
void radio.call('url')
// @ts-expect-error called by the fleet itself
void radio.call('stop')
// @ts-expect-error no such channel
void radio.stream('video')

expectType<Promise<unknown>>()(untyped.get('one').call('anything', 1, 'x'))
expectType<InstanceStream>()(untyped.get('one').stream('anything'))
