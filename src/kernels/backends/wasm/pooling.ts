/** Pools over images, in WebAssembly. */
import type { PoolingKernels } from '../../interface/pooling.ts';
import { at, type Bound } from './call.ts';
import { placeWindow } from './window.ts';

export function pooling({ wasm, bytes, scratch }: Bound): PoolingKernels {
  const { maxPool, maxPoolBackward, averagePool, averagePoolBackward } = wasm;
  const words = new Int32Array(bytes.buffer);
  return {
    maxPool(x, y, window, { first, count }) {
      placeWindow(words, scratch, window);
      maxPool(at(x, first), x.stride * 4, at(y, first), y.stride * 4, count, scratch);
    },
    maxPoolBackward(x, dy, dx, window, { first, count }) {
      placeWindow(words, scratch, window);
      maxPoolBackward(
        at(x, first),
        x.stride * 4,
        at(dy, first),
        dy.stride * 4,
        at(dx, first),
        dx.stride * 4,
        count,
        scratch,
      );
    },
    averagePool(x, y, window, { first, count }) {
      placeWindow(words, scratch, window);
      averagePool(at(x, first), x.stride * 4, at(y, first), y.stride * 4, count, scratch);
    },
    averagePoolBackward(dy, dx, window, { first, count }) {
      placeWindow(words, scratch, window);
      averagePoolBackward(at(dy, first), dy.stride * 4, at(dx, first), dx.stride * 4, count, scratch);
    },
  };
}
