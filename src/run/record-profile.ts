/** Records the threads' activities: profile.csv, and trace.json for chrome://tracing and Perfetto. */

import { join } from 'node:path';
import { createObjectCsvWriter } from 'csv-writer';
import { activities, isCause, spanName, type ThreadSeconds } from '../engine/profile.ts';
import { sumWaits, type Wait, waitColumn } from '../engine/waits.ts';
import type { NetworkPlan } from '../model/network.ts';
import type { EpochEvent } from '../training/events.ts';
import { runFiles } from './run-files.ts';
import { writeWhole } from './write-whole.ts';

/** What the threads spent their time on in a whole run. */
export interface RunProfile {
  threads: ThreadSeconds[];
  /** What all of them together waited for; empty for runs of versions that did not tell. */
  waits: Wait[];
}

export interface ProfileRecorder {
  add(event: EpochEvent): void;
  /** Writes both files. */
  end(): Promise<RunProfile>;
}

/** Collects the profile of a run for the files in its folder. */
export function recordProfile(folder: string, network: NetworkPlan): ProfileRecorder {
  const rows: Record<string, string | number>[] = [];
  const totals: ThreadSeconds[] = [];
  let waits: Wait[] = [];
  const events: object[] = [];
  return {
    add({ epoch, profile }) {
      for (const [thread, seconds] of profile!.threads.entries()) {
        const own = profile!.waits[thread]!;
        waits = sumWaits([...waits, ...own]);
        const spent = [
          ...Object.entries(seconds),
          ...own.map((wait): [string, number] => [waitColumn(wait), wait.seconds]),
        ];
        const rounded = spent.map(([name, value]) => [name, value.toFixed(6)]);
        rows.push({ epoch, thread: thread + 1, ...Object.fromEntries(rounded) });
        totals[thread] ??= Object.fromEntries(Object.keys(seconds).map((name) => [name, 0])) as ThreadSeconds;
        for (const name of [...activities, 'waiting'] as const) totals[thread][name] += seconds[name];
      }
      for (const span of profile!.spans) {
        events.push({
          name: spanName(span, network),
          cat: isCause(span.activity) ? 'waiting' : span.activity,
          ph: 'X',
          ts: microseconds(span.begin),
          dur: microseconds(span.end - span.begin),
          pid: 1,
          tid: span.thread + 1,
          args: { epoch: Math.ceil(epoch), step: span.step + 1 },
        });
      }
    },
    async end() {
      const columns = ['epoch', 'thread', ...activities, 'waiting', ...waits.map(waitColumn)];
      for (const row of rows) for (const column of columns) row[column] ??= nothing;
      const header = columns.map((id) => ({ id, title: id }));
      await createObjectCsvWriter({ path: join(folder, runFiles.profile), header }).writeRecords(rows);
      const names = totals.map((_, thread) => ({
        name: 'thread_name',
        ph: 'M',
        pid: 1,
        tid: thread + 1,
        args: { name: `worker ${thread + 1}` },
      }));
      const lines = [...names, ...events].map((event) => JSON.stringify(event)).join(',\n');
      await writeWhole(join(folder, runFiles.trace), [
        `{"displayTimeUnit":"ms","traceEvents":[\n${lines}\n]}\n`,
      ]);
      return { threads: totals, waits };
    },
  };
}

const nothing = (0).toFixed(6);

/** Microseconds in tenths, which is the resolution of the clocks. */
function microseconds(milliseconds: number): number {
  return Math.round(milliseconds * 10_000) / 10;
}
