// The groups of a convolution among some panels of 8 output channels. A panel has a slot for each group that
// has columns in it. Columns count from the first of these panels on.

import { Window } from './window';

// The columns of a group among those of some panels, from the first of these on.
// @ts-ignore: decorator
@inline
export function firstOf(w: Window, group: i32, firstPanel: i32): i32 {
  return max(group * (w.outChannels / w.groups) - firstPanel * 8, 0);
}

// @ts-ignore: decorator
@inline
export function endOf(w: Window, group: i32, firstPanel: i32, panels: i32): i32 {
  return min((group + 1) * (w.outChannels / w.groups) - firstPanel * 8, panels * 8);
}

// The first group with columns in a panel, and one more than the last with columns in some panels.
// @ts-ignore: decorator
@inline
export function firstGroup(w: Window, panel: i32): i32 {
  return (panel * 8) / (w.outChannels / w.groups);
}

// @ts-ignore: decorator
@inline
export function endGroup(w: Window, firstPanel: i32, panels: i32): i32 {
  const outputs = w.outChannels / w.groups;
  return min(((firstPanel + panels) * 8 + outputs - 1) / outputs, w.groups);
}

// Pairs of a panel and a group with columns in it.
export function slotsOf(w: Window, firstPanel: i32, panels: i32): i32 {
  let slots = 0;
  for (let group = firstGroup(w, firstPanel); group < endGroup(w, firstPanel, panels); group++) {
    const end = endOf(w, group, firstPanel, panels);
    slots += ((end + 7) >> 3) - (firstOf(w, group, firstPanel) >> 3);
  }
  return slots;
}
