/** Processes: whether one is alive, and whether it is still the same one or another with its number. */
import { readFileSync, readlinkSync } from 'node:fs';

/**
 * What a process has in common with no other, past or present: the boot of the machine, the space of process
 * numbers, and the moment of its start in ticks since the boot. Undefined if the system does not tell, which
 * only Linux does, or if there is no such process.
 */
export function birthOf(pid: number): string | undefined {
  const start = statOf(pid)?.start;
  if (start === undefined) return undefined;
  return `${text('/proc/sys/kernel/random/boot_id') ?? ''}/${space() ?? ''}/${start}`;
}

/** Whether a process is still at work: `birth` is what `birthOf` said of it, or undefined. */
export function isAlive(pid: number, birth: string | undefined): boolean {
  if (!exists(pid)) return mayBeElsewhere(birth);
  const stat = statOf(pid);
  // A process that has ended, and whose parent has not asked for its exit code yet, writes nothing any more.
  if (stat?.state === 'Z') return mayBeElsewhere(birth);
  const now = stat && birthOf(pid);
  return birth === undefined || now === undefined || now === birth || mayBeElsewhere(birth);
}

/** The process has a number in a space that this one cannot look into: that of another container. */
function mayBeElsewhere(birth: string | undefined): boolean {
  const [boot, place] = birth?.split('/') ?? [];
  const [ourBoot, ourPlace] = birthOf(process.pid)?.split('/') ?? [];
  return Boolean(boot && boot === ourBoot && place && ourPlace && place !== ourPlace);
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there is such a process, but we may not signal it.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** State and start of a process. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function statOf(pid: number): { state: string; start: string } | undefined {
  const line = text(`/proc/${pid}/stat`);
  // The name, in brackets, may hold spaces and brackets itself. The state is field 3, the start field 22.
  const fields = line?.slice(line.lastIndexOf(')') + 2).split(' ');
  const [state, start] = [fields?.[0], fields?.[19]];
  return state !== undefined && start !== undefined && /^\d+$/.test(start) ? { state, start } : undefined;
}

/** The space of process numbers that this process lives in. */
function space(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
  } catch {
    return undefined;
  }
}

function text(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
