/** Dropout by rows, in float64. */
import { wordsOfRow } from '../../../foundation/philox.ts';
import { type DropoutKernels, leastKept } from '../../interface/dropout.ts';

export function dropouts(m: Float64Array): DropoutKernels {
  const dropoutChannels: DropoutKernels['dropoutChannels'] = (x, y, channels, row, name, rate) => {
    const least = leastKept(rate);
    const words = wordsOfRow(name, channels);
    for (let j = 0; j < x.columns; j++) {
      const factor = words[j % channels]! >= least ? 1 / (1 - rate) : 0;
      m[y.offset + row * y.stride + j] = m[x.offset + row * x.stride + j]! * factor;
    }
  };
  return {
    dropout: (x, y, row, name, rate) => dropoutChannels(x, y, x.columns, row, name, rate),
    dropoutChannels,
  };
}
