/** A trained network as it is given to the thread that works with it. */

import { profileOfRun } from '../run/picture-profile.ts';
import type { TrainedNetwork } from '../run/read-trained.ts';
import type { RowRules } from './given-rows.ts';
import type { ServeLimits } from './limits.ts';

/** Plain data. */
export interface ServedNetwork
  extends Pick<
      TrainedNetwork,
      'experiment' | 'signature' | 'parameters' | 'state' | 'classWeights' | 'weightsSha256'
    >,
    Pick<RowRules, 'profile'> {
  limits: ServeLimits;
}

/** `doubt`: why pictures may be prepared otherwise than those of the training. */
export async function servedNetwork(
  trained: TrainedNetwork,
  limits: ServeLimits,
): Promise<{ served: ServedNetwork; doubt?: string }> {
  const { experiment, signature, parameters, state, classWeights, weightsSha256 } = trained;
  const pictures = signature.features.kind === 'bytes';
  const { profile, ...rest } = pictures ? await profileOfRun(trained) : { profile: undefined };
  const weights = { parameters, state, classWeights, weightsSha256 };
  return { served: { experiment, signature, ...weights, profile, limits }, ...rest };
}
