import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { explainNoMethod, findMethod } from '../../../src/server/fleet/find-method.ts'

class Base {
  base(): string {
    return `base of ${this.constructor.name}`
  }
}

class Radio extends Base {
  readonly #volume = 3
  own = (): number => this.#volume
  data = { call: () => 'not reached' }

  volume(): number {
    return this.#volume
  }

  start(): void {}
  stop(): void {}

  get trap(): () => void {
    throw new Error('a getter was run')
  }

  static make(): Radio {
    return new Radio()
  }
}

describe('findMethod()', () => {
  it('finds methods of the class, of the classes above, and own functions, with their instance', () => {
    const radio = new Radio()
    assert.equal(findMethod(radio, 'volume')?.(), 3)
    assert.equal(findMethod(radio, 'base')?.(), 'base of Radio')
    assert.equal(findMethod(radio, 'own')?.(), 3)
  })

  const refused = ['constructor', '__proto__', 'prototype', '__defineGetter__', '__lookupSetter__', 'hasOwnProperty']
  const more = [
    'toString',
    'valueOf',
    'isPrototypeOf',
    'toLocaleString',
    'start',
    'stop',
    'trap',
    'data',
    'make',
    '',
    'x',
  ]
  for (const name of [...refused, ...more]) {
    it(`finds nothing by the name '${name}'`, () => assert.equal(findMethod(new Radio(), name), undefined))
  }

  it('is not misled by an own property that hides a method', () => {
    const radio = Object.assign(new Radio(), { volume: 'loud' })
    assert.equal(findMethod(radio, 'volume'), undefined)
  })

  it('never runs code that the name holds', () => {
    for (const name of ['volume()', 'volume;process.exit()', '${1}', 'this.volume', 'own.call']) {
      assert.equal(findMethod(new Radio(), name), undefined)
    }
  })

  it('reaches nothing that somebody put into Object.prototype', () => {
    // oxlint-disable-next-line eslint/no-extend-native -- taken back below
    Object.defineProperty(Object.prototype, 'planted', { value: () => 'planted', configurable: true })
    try {
      assert.equal(findMethod(new Radio(), 'planted'), undefined)
    } finally {
      delete (Object.prototype as { planted?: unknown }).planted
    }
  })

  it('can do without a prototype', () => {
    const bare = Object.assign(Object.create(null) as object, { work: () => 1 })
    assert.equal(findMethod(bare, 'work')?.(), 1)
    assert.equal(findMethod(bare, 'constructor'), undefined)
  })
})

describe('explainNoMethod()', () => {
  it('names the nearest method, or all', () => {
    assert.equal(explainNoMethod(new Radio(), 'volumme'), "its class has no such method; did you mean 'volume'?")
    assert.equal(
      explainNoMethod(new Radio(), 'somethingElse'),
      'its class has no such method; it has own, volume, base',
    )
    assert.equal(explainNoMethod({}, 'x'), 'its class has no such method; it has none')
  })

  it('says who calls start() and stop()', () => {
    assert.match(explainNoMethod(new Radio(), 'stop'), /^the fleet calls stop\(\) itself/)
  })
})
