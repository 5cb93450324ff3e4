import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'

type Version = readonly [major: number, minor: number]

const floor: readonly Version[] = [
  [22, 18],
  [24, 11],
]
const open = 26

function toVersion(text: string): Version {
  const [major = 0, minor = 0] = text.replace(/^v/, '').split('.').map(Number)
  return [major, minor]
}

function isSupported([major, minor]: Version): boolean {
  return major >= open || floor.some((least) => least[0] === major && minor >= least[1])
}

// With install scripts off, or a `node` that is not where the scripts look, npm runs an older Node and says nothing.
describe('the Node that runs the tests', () => {
  it('satisfies the floor', () => {
    assert.ok(isSupported(toVersion(process.version)), `${process.version} at ${process.execPath} is not supported`)
  })

  it('is the one that this run is for', { skip: !process.env.EISENMP_EXPECT_NODE }, () => {
    assert.equal(toVersion(process.version)[0], Number(process.env.EISENMP_EXPECT_NODE))
  })

  it('is what a child process gets that asks for `node`', { skip: !process.env.npm_lifecycle_event }, () => {
    assert.equal(execFileSync('node', ['--version'], { encoding: 'utf8' }).trim(), process.version)
  })

  it('has the floor that package.json promises', () => {
    const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      engines: { node: string }
    }
    assert.equal(engines.node, [...floor.map((least) => `^${least.join('.')}.0`), `>=${open}`].join(' || '))
  })
})
