/** Dropout by rows, in WebAssembly. */
import { type DropoutKernels, leastKept } from '../../interface/dropout.ts';
import { at, type Bound } from './call.ts';

export function dropouts({ wasm, scratch }: Bound): DropoutKernels {
  const { dropout, dropoutChannels } = wasm;
  return {
    dropout(x, y, row, { key, counter }, rate) {
      dropout(
        at(x, row),
        at(y, row),
        x.columns,
        leastKept(rate),
        1 / (1 - rate),
        ...counter,
        ...key,
        scratch,
      );
    },
    dropoutChannels(x, y, channels, row, { key, counter }, rate) {
      dropoutChannels(
        at(x, row),
        at(y, row),
        x.columns,
        channels,
        leastKept(rate),
        1 / (1 - rate),
        ...counter,
        ...key,
        scratch,
      );
    },
  };
}
