import assert from 'node:assert/strict'
import { it } from 'node:test'
import { QuoteTracer } from '../../src/sources/quote-tracer.ts'
import { describeFile } from '../../src/sources/text-file.ts'
import { TempFolder } from '../support/temp-folder.ts'

it('knows whether a place is inside a quoted field', async () => {
  const temp = new TempFolder()
  const file = describeFile(temp.write('a.csv', 'a,"b\n",c'))
  const format = { delimiter: ',', quotes: true, start: 0, width: 3, pick: 0 }
  const tracer = new QuoteTracer(file, format)
  const found = []
  for (const at of [0, 2, 3, 5, 6]) found.push((await tracer.reach(at)).quoted)
  assert.deepEqual(found, [false, false, true, true, false])
  tracer.close()
  assert.deepEqual(new QuoteTracer(file, { ...format, quotes: false }).reach(4), { at: 4, quoted: false })
  temp.remove()
})
