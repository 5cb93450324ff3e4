type IsAny<T> = 0 extends 1 & T ? true : false
type Same<A, B> = IsAny<A> extends IsAny<B> ? ([A, B] extends [B, A] ? true : false) : false

/** `expectType<Expected>()(value)` compiles when the value has this very type. */
export declare function expectType<Expected>(): <Actual>(
  value: Same<Actual, Expected> extends true ? Actual : { readonly expected: Expected; readonly given: Actual },
) => void
