/**
 * The globals that the pure layers may use: those that every runtime has (Node, browsers, workers), and no more.
 * `tsconfig.pure.json` compiles those layers against this file alone, without Node's types and without the DOM.
 */

declare class EventTarget {
  addEventListener(
    type: string,
    listener: (event: Event) => void,
    options?: { once?: boolean; signal?: AbortSignal },
  ): void
  removeEventListener(type: string, listener: (event: Event) => void): void
  dispatchEvent(event: Event): boolean
}

declare class Event {
  constructor(type: string)
  readonly type: string
}

declare class AbortSignal extends EventTarget {
  static abort(reason?: unknown): AbortSignal
  static any(signals: Iterable<AbortSignal>): AbortSignal
  static timeout(milliseconds: number): AbortSignal
  readonly aborted: boolean
  readonly reason: unknown
  throwIfAborted(): void
}

declare class AbortController {
  readonly signal: AbortSignal
  abort(reason?: unknown): void
}

declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>
  encodeInto(text: string, target: Uint8Array): { read: number; written: number }
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean })
  decode(input?: ArrayBufferView | ArrayBufferLike, options?: { stream?: boolean }): string
}

declare class URL {
  constructor(url: string | URL, base?: string | URL)
  readonly href: string
  readonly protocol: string
  readonly hostname: string
  readonly pathname: string
  readonly search: string
  readonly hash: string
  toString(): string
}

declare class DOMException extends Error {
  constructor(message?: string, name?: string)
  readonly code: number
}

declare class MessagePort extends EventTarget {
  postMessage(message: unknown, transfer?: readonly unknown[]): void
  start(): void
  close(): void
}

declare class MessageChannel {
  readonly port1: MessagePort
  readonly port2: MessagePort
}

declare const performance: { now(): number; readonly timeOrigin: number }

declare function structuredClone<T>(value: T, options?: { transfer?: readonly unknown[] }): T
declare function queueMicrotask(callback: () => void): void

/** Opaque: a number in browsers, an object in Node. */
type TimerHandle = { readonly [timerBrand]: never }
declare const timerBrand: unique symbol

declare function setTimeout(callback: () => void, milliseconds?: number): TimerHandle
declare function clearTimeout(handle: TimerHandle | undefined): void
declare function setInterval(callback: () => void, milliseconds?: number): TimerHandle
declare function clearInterval(handle: TimerHandle | undefined): void

interface ErrorConstructor {
  captureStackTrace(target: object, constructorOpt?: Function): void
  stackTraceLimit: number
}
