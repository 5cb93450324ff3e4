#!/usr/bin/env node
// What an old Node reads of the command line. Everything here and in floor.ts is syntax of 2019, so that a Node that is
// too old says so, in place of a SyntaxError; the rest is loaded after the check.
import { readFileSync } from 'node:fs'
import { explainFloor } from './floor.ts'

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const tooOld = explainFloor(process.versions.node, manifest.engines.node)
if (tooOld) {
  console.error(tooOld)
  process.exitCode = 1
} else {
  void import('./main.ts').then(function start(module) {
    return module.main(process.argv.slice(2), manifest.version)
  })
}
