/** The axis of a figure: shares are percentages, with no more digits than the distance of the ticks needs. */
import { figureCalled } from '../model/figure-text.ts';
import { numberScale, type Scale } from './page/axis.ts';

export function figureScale(figure: string, low: number, high: number): Scale {
  if (figureCalled(figure).unit !== 'share') return numberScale(low, high);
  const { ticks, place } = numberScale(100 * low, 100 * high);
  return {
    place: (value) => place(100 * (value as number)),
    ticks: ticks.map((tick) => ({ ...tick, label: `${tick.label} %` })),
  };
}
