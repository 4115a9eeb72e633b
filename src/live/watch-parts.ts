/** Follows the folder of several seeds or folds: the one that is at work, and then the next. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Experiment } from '../experiment/experiment.ts';
import { holderOf } from '../run/lock.ts';
import { type Parts, partFolders } from '../run/parts.ts';
import { runFiles } from '../run/run-files.ts';
import { readText } from '../run/run-folder.ts';
import { readSummary } from '../run/summary.ts';
import { type Done, doneSection } from './done-section.ts';
import { watchRun } from './watch-run.ts';
import type { Watched } from './watched.ts';

/** @param experiment of the first part */
export async function watchParts(folder: string, experiment: Experiment, parts: Parts): Promise<Watched> {
  const folders = partFolders(folder, experiment, parts);
  const done: Done[] = [];
  let at = -1;
  let part: Watched;

  /** The last that has begun. */
  async function follow(): Promise<boolean> {
    const newest = folders.findLastIndex((one) => existsSync(join(one, runFiles.config)));
    if (newest === at && newest >= 0) return false;
    at = Math.max(0, newest);
    part = await watchRun(folders[at]!);
    done.length = 0;
    for (const one of folders.slice(0, at)) {
      const summary = await readSummary(one).catch(() => undefined);
      if (summary) done.push({ name: basename(one).replace('-', ' '), summary });
    }
    return true;
  }

  /** When the last part has its report, or the parts stopped. */
  async function report(ofPart: string | undefined): Promise<string | undefined> {
    if (ofPart === undefined) return undefined;
    const stopped = (await readSummary(folders[at]!).catch(() => undefined))?.stopped;
    if (at + 1 < folders.length && !stopped) return undefined;
    return (await readText(folder, runFiles.report)) ?? ofPart;
  }

  await follow();
  return {
    source: {
      title: experiment.name,
      page() {
        const { parts: shown, charts } = part.source.page();
        const { live, ...rest } = shown;
        return { parts: { live: live!, several: doneSection(done), ...rest }, charts };
      },
      figures() {
        const figures = part.source.figures();
        const { note } = figures.texts;
        const which = `${parts.kind} ${at + 1} of ${parts.count}`;
        return { ...figures, texts: { ...figures.texts, note: `${which}, ${note}` } };
      },
    },
    async look(due) {
      const moved = await follow();
      const { changed, report: ofPart } = await part.look(due);
      return { changed: changed || moved, report: await report(ofPart) };
    },
    async stop() {
      return (await holderOf(folders[at]!)) !== undefined && part.stop();
    },
  };
}
