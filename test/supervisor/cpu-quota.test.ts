import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readCpuQuota } from '../../src/supervisor/cpu-quota.ts'
import { TempFolder } from '../support/temp-folder.ts'

/** The quota that is read from a file system with these files. */
function readFrom(files: Readonly<Record<string, string>>): number {
  const root = new TempFolder()
  try {
    for (const [path, text] of Object.entries(files)) root.write(path, text)
    return readCpuQuota(root.path)
  } finally {
    root.remove()
  }
}

const v2 =
  '22 20 0:19 / /proc rw - proc proc rw\n30 22 0:27 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw,nsdelegate\n'
const cpuMount = (group: string): string =>
  `31 30 0:28 ${group} /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n` +
  `32 30 0:29 ${group} /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n`

describe('readCpuQuota()', () => {
  it('reads the group at the top of a container, version 2', () => {
    const files = { 'proc/self/cgroup': '0::/\n', 'proc/self/mountinfo': v2 }
    assert.equal(readFrom({ ...files, 'sys/fs/cgroup/cpu.max': '150000 100000\n' }), 1.5)
    assert.equal(readFrom({ ...files, 'sys/fs/cgroup/cpu.max': 'max 100000\n' }), Infinity)
    assert.equal(readFrom(files), Infinity)
  })

  it('takes the least of nested groups, whichever level it is', () => {
    const files = { 'proc/self/cgroup': '0::/pods/one/main\n', 'proc/self/mountinfo': v2 }
    const at = (pods: string, one: string, main: string): number =>
      readFrom({
        ...files,
        'sys/fs/cgroup/pods/cpu.max': pods,
        'sys/fs/cgroup/pods/one/cpu.max': one,
        'sys/fs/cgroup/pods/one/main/cpu.max': main,
      })
    assert.equal(at('800000 100000', '200000 100000', '400000 100000'), 2)
    assert.equal(at('max 100000', '400000 100000', '50000 100000'), 0.5)
    assert.equal(at('300000 100000', 'max 100000', 'max 100000'), 3)
  })

  it('reads version 1, by the group of the controller cpu alone', () => {
    const quota = (folder: string, us: string) => ({
      [`sys/fs/cgroup/cpu,cpuacct${folder}/cpu.cfs_quota_us`]: us,
      [`sys/fs/cgroup/cpu,cpuacct${folder}/cpu.cfs_period_us`]: '100000\n',
    })
    const groups = { 'proc/self/cgroup': '9:cpuset:/x\n4:cpu,cpuacct:/docker/a\n1:name=systemd:/y\n' }
    const host = { ...groups, 'proc/self/mountinfo': cpuMount('/') }
    assert.equal(readFrom({ ...host, ...quota('', '-1'), ...quota('/docker/a', '250000\n') }), 2.5)
    assert.equal(readFrom({ ...host, ...quota('/docker', '100000'), ...quota('/docker/a', '-1') }), 1)
    assert.equal(readFrom({ ...host, ...quota('', '-1') }), Infinity)
    // In the container the mount begins at its group.
    const inside = { ...groups, 'proc/self/mountinfo': cpuMount('/docker/a') }
    assert.equal(readFrom({ ...inside, ...quota('', '350000') }), 3.5)
    const elsewhere = { ...groups, 'proc/self/mountinfo': cpuMount('/docker/b') }
    assert.equal(readFrom({ ...elsewhere, ...quota('', '450000') }), 4.5)
  })

  it('takes the least of both versions where both are mounted', () => {
    const files = {
      'proc/self/cgroup': '1:cpu,cpuacct:/a\n0::/b\n',
      'proc/self/mountinfo': cpuMount('/') + v2.replace('/sys/fs/cgroup ', '/sys/fs/cgroup/unified\\040two '),
      'sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us': '300000',
      'sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us': '100000',
    }
    assert.equal(readFrom(files), 3)
    assert.equal(readFrom({ ...files, 'sys/fs/cgroup/unified two/b/cpu.max': '200000 100000' }), 2)
  })

  it('sees no limit in what it cannot read', () => {
    const files = { 'proc/self/cgroup': '0::/\n', 'proc/self/mountinfo': v2 }
    assert.equal(readFrom({}), Infinity)
    assert.equal(readFrom({ 'proc/self/cgroup': 'rubbish\n:::\n', 'proc/self/mountinfo': 'rubbish\n' }), Infinity)
    for (const text of ['', 'rubbish', '0 100000', '100000', '100000 0', '-5 100'])
      assert.equal(readFrom({ ...files, 'sys/fs/cgroup/cpu.max': text }), Infinity, text)
    assert.equal(readFrom({ ...files, 'proc/self/cgroup': '0::/../other\n' }), Infinity)
  })

  it('reads this machine without an error', () => assert.ok(readCpuQuota() > 0))
})
