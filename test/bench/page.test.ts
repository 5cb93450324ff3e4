import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Section, mergePage, readSections, renderTable } from '../../bench/speed/page.ts'

function describeSection(name: string, value: string): Section {
  return {
    question: { name, title: `What of ${name}?`, about: 'How it is asked.' },
    answers: [{ columns: ['', 'ms'], rows: [['one', value]], samples: [] }],
    machine: 'a machine',
    command: `npm run bench -- ${name}`,
  }
}

describe('the page of the benchmarks', () => {
  const order = ['grain', 'calls', 'start']

  it('has a section for each question, in the order of the questions, each with its machine and command', () => {
    const page = mergePage('', [describeSection('start', '3'), describeSection('grain', '1')], order)
    assert.deepEqual([...readSections(page).keys()], ['grain', 'start'])
    assert.match(page, /^# Benchmarks\n/)
    assert.match(
      readSections(page).get('start')!,
      /## What of start\?[^]*`npm run bench -- start`: a machine[^]*\| one \| 3 \|/,
    )
  })

  it('keeps the sections that were not asked again, to the letter', () => {
    const before = mergePage(
      '',
      order.map((name) => describeSection(name, '1')),
      order,
    )
    const after = mergePage(before, [describeSection('calls', '2')], order)
    assert.match(readSections(after).get('calls')!, /\| one \| 2 \|/)
    for (const name of ['grain', 'start']) assert.equal(readSections(after).get(name), readSections(before).get(name))
    assert.equal(mergePage(after, [], order), after)
  })

  it('drops what is no question any more, and text without one', () => {
    const before = mergePage('', [describeSection('old', '1'), describeSection('calls', '1')], ['old', 'calls'])
    const after = mergePage(`${before}\n\n## By hand\n`, [describeSection('calls', '2')], order)
    assert.deepEqual([...readSections(after).keys()], ['calls'])
    assert.doesNotMatch(after, /By hand/)
  })

  it('keeps a bar in a cell apart from the table', () => {
    const table = renderTable({ columns: ['', 'a'], rows: [['x|y', '1']] })
    assert.equal(table, ['|  | a |', '| --- | --: |', String.raw`| x\|y | 1 |`].join('\n'))
  })
})
