/** The number of cores that this process may really use, and how long it has used them. */
import { availableParallelism } from 'node:os';
import { readText } from './read-text.ts';

/**
 * Cores that the scheduler gives us, or fewer if a container has a CPU quota: half a core of quota counts as
 * one, two and a half count as two.
 */
export function availableCores(read: (file: string) => string | undefined = readText): number {
  const quota = cgroupQuota(read);
  const cores = availableParallelism();
  return quota === undefined ? cores : Math.max(1, Math.min(cores, Math.floor(quota)));
}

/**
 * The CPU quota, in cores, of this process's control group or of the tightest group around it. It is
 * undefined if there is none, as on all systems but Linux.
 */
export function cgroupQuota(read: (file: string) => string | undefined): number | undefined {
  const memberships = read('/proc/self/cgroup') ?? '';
  const quotas: number[] = [];
  for (const line of memberships.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (path === undefined) continue;
    const unified = controllers === '';
    if (!unified && !controllers!.split(',').includes('cpu')) continue;
    const root = unified ? '/sys/fs/cgroup' : '/sys/fs/cgroup/cpu';
    // Inside a container the path may be the host's. Then only the root exists, and it is the container's.
    const parts = path.split('/').filter((part) => part !== '');
    for (let depth = parts.length; depth >= 0; depth--) {
      const folder = [root, ...parts.slice(0, depth)].join('/');
      const quota = unified ? unifiedQuota(read, folder) : legacyQuota(read, folder);
      if (quota !== undefined) quotas.push(quota);
    }
  }
  return quotas.length > 0 ? Math.min(...quotas) : undefined;
}

/** cgroup v2: `cpu.max` holds "quota period" or "max period", in microseconds. */
function unifiedQuota(read: (file: string) => string | undefined, folder: string): number | undefined {
  const [quota, period] = (read(`${folder}/cpu.max`) ?? '').trim().split(/\s+/);
  return cores(quota, period);
}

/** cgroup v1: quota -1 means none. */
function legacyQuota(read: (file: string) => string | undefined, folder: string): number | undefined {
  return cores(read(`${folder}/cpu.cfs_quota_us`), read(`${folder}/cpu.cfs_period_us`));
}

function cores(quota: string | undefined, period: string | undefined): number | undefined {
  const share = Number.parseInt(quota ?? '', 10) / Number.parseInt(period ?? '', 10);
  return share > 0 ? share : undefined;
}

/** Milliseconds that cores have worked for this process, all threads together. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
