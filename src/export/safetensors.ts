/**
 * The weights alone, as safetensors: float32 tensors under their names in the plan, the running statistics
 * after the parameters, and texts that say what they are. NumPy, PyTorch and others read it.
 */
import { safetensorsOf } from '../run/safetensors.ts';
import { describeInTexts, type ExportedNetwork } from './exported.ts';

/** How our exports begin, behind the eight bytes of the header's length; checkpoints begin otherwise. */
export const safetensorsMark = '{"__metadata__":{"lockstep":"';

export function safetensorsFileOf(exported: ExportedNetwork): Uint8Array[] {
  const { parameters, state } = exported;
  return safetensorsOf({ tensors: [...parameters, ...state], metadata: describeInTexts(exported) });
}
