/** A class whose type is not given: every method is allowed, results are `unknown`. */
// oxlint-disable-next-line typescript/no-explicit-any -- only `any` is assignable to and from every class's type
export type UntypedInstance = any

type Call = (...args: never[]) => unknown
type IsAny<T> = 0 extends 1 & T ? true : false

/** The fleet calls these by itself. */
type Hook = 'start' | 'stop' | 'constructor'

/** Names of the methods of a class that can be called from outside. */
export type MethodName<Class> =
  IsAny<Class> extends true
    ? string
    : { [Name in keyof Class & string]: Class[Name] extends Call ? Exclude<Name, Hook> : never }[keyof Class & string]

/** What the method of that name takes. */
export type CallArguments<Class, Name extends string> =
  IsAny<Class> extends true
    ? readonly unknown[]
    : Name extends keyof Class
      ? Class[Name] extends (...args: infer Args) => unknown
        ? Args
        : never
      : never

/** What the method of that name gives, once awaited. */
export type CallResult<Class, Name extends string> =
  IsAny<Class> extends true
    ? unknown
    : Name extends keyof Class
      ? Class[Name] extends (...args: never[]) => infer Result
        ? Awaited<Result>
        : unknown
      : unknown
