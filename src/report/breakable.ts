/** Paths in narrow columns: a line may end after a point or a slash. */
import { type Content, html } from './page/markup.ts';

/** `optimizer.learningRate`, in two lines if there is no room. */
export function breakable(path: string): Content {
  return path.split(/(?<=[./\\])/).map((part, i) => (i === 0 ? part : html`<wbr>${part}`));
}
