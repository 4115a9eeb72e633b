/** How a report chooses some of many samples, so that no class is shown more than another. */

/** The first of each list, then the second of each, and so on, until there are `count` or no more. */
export function inTurn(lists: readonly (readonly number[])[], count: number): number[] {
  const longest = Math.max(...lists.map(({ length }) => length));
  const taken: number[] = [];
  for (let turn = 0; turn < longest && taken.length < count; turn++) {
    for (const list of lists) if (list[turn] !== undefined && taken.length < count) taken.push(list[turn]!);
  }
  return taken;
}
