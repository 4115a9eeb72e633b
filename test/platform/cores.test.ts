import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { availableCores, cgroupQuota } from '#lockstep/platform/cores.js';

const files = (of: Record<string, string>) => (file: string) => of[file];

test.each<[what: string, of: Record<string, string>, quota: number | undefined]>([
  ['nothing to read, as on macOS and Windows', {}, undefined],
  ['no limit', { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': 'max 100000\n' }, undefined],
  [
    'one and a half cores',
    { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '150000 100000\n' },
    1.5,
  ],
  [
    'the tightest of nested groups',
    {
      '/proc/self/cgroup': '0::/pod/box\n',
      '/sys/fs/cgroup/pod/cpu.max': '200000 100000\n',
      '/sys/fs/cgroup/pod/box/cpu.max': '400000 100000\n',
    },
    2,
  ],
  [
    'version 1, where -1 means no limit at the root',
    {
      '/proc/self/cgroup': '4:memory:/a\n3:cpu,cpuacct:/a\n',
      '/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us': '300000\n',
      '/sys/fs/cgroup/cpu/a/cpu.cfs_period_us': '100000\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    },
    3,
  ],
  [
    "a container that sees its host's path",
    { '/proc/self/cgroup': '0::/host/path\n', '/sys/fs/cgroup/cpu.max': '50000 100000\n' },
    0.5,
  ],
])('quota: %s', (_what, of, quota) => {
  expect(cgroupQuota(files(of))).toBe(quota);
});

test('cores: never more than the machine has, never fewer than one', () => {
  const limited = (cpuMax: string) =>
    availableCores(files({ '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': cpuMax }));
  expect(limited('50000 100000')).toBe(1);
  expect(limited('100000000 100000')).toBe(availableParallelism());
  expect(availableCores(() => undefined)).toBe(availableParallelism());
});
