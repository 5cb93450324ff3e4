import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createScale } from '../../bench/speed/axis.ts'
import { renderPlot } from '../../bench/speed/plot.ts'

describe('the plots of the benchmarks', () => {
  it('have round numbers on a linear axis from 0', () => {
    const { ticks, place } = createScale({ label: '', isLogarithmic: false }, [0.2, 0.93])
    assert.deepEqual(ticks, [0, 0.2, 0.4, 0.6, 0.8, 1])
    assert.equal(place(0), 0)
    assert.equal(place(1), 1)
  })

  it('have decades around all values on a logarithmic axis', () => {
    const { ticks, place } = createScale({ label: '', isLogarithmic: true }, [0.06, 3, 100])
    assert.deepEqual(ticks, [0.01, 0.1, 1, 10, 100])
    assert.ok(Math.abs(place(1) - 0.5) < 1e-9)
  })

  it('draw one line for each contender, with its name', () => {
    const axis = { label: 'x & y', isLogarithmic: true }
    const series = ['eisenmp', 'a <b>'].map((name) => ({
      name,
      points: [
        [1, 2],
        [10, 3],
      ] as const,
    }))
    const svg = renderPlot({ file: 'a-b.svg', title: 'T', x: axis, y: axis, series })
    assert.equal(svg.match(/<polyline/g)!.length, 2)
    assert.match(svg, />a &lt;b></)
    assert.match(svg, /x &amp; y/)
    assert.doesNotMatch(svg, /NaN|Infinity|undefined/)
  })

  it('do not fail on a single point, or on none', () => {
    const axis = { label: '', isLogarithmic: false }
    for (const points of [[], [[1, 1]] as const]) {
      const svg = renderPlot({ file: 'a-b.svg', title: '', x: axis, y: axis, series: [{ name: 'a', points }] })
      assert.doesNotMatch(svg, /NaN|Infinity|undefined/)
    }
  })
})
