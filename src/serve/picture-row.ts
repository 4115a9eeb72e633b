/** A picture in the body of a request, as `train predict` reads one from a file. */
import { prepareImage } from '../data/pictures/prepare.ts';
import { decodePicture, headerOf } from '../data/pictures/read.ts';
import { shapeText } from '../data/reader.ts';
import { Refusal } from '../http/refusal.ts';
import type { GivenRows, Job, RowRules } from './given-rows.ts';
import type { ServeLimits } from './limits.ts';

/**
 * @throws LockstepError `data` if it is no picture; a Refusal if it is too large, if it is blank, or if the
 * network reads none
 */
export async function pictureRow(
  { body, asIs }: Job,
  { signature: { features }, profile }: RowRules,
  limits: Pick<ServeLimits, 'picturePixels'>,
): Promise<GivenRows> {
  if (features.kind !== 'bytes' || !profile) {
    const expected = `${shapeText(features)}, as the network was trained on`;
    throw new Refusal(422, { where: 'body', expected, got: 'a picture' });
  }
  const header = headerOf(body, 'body');
  const pixels = header ? header.height * header.width : 0;
  if (pixels > limits.picturePixels) {
    throw new Refusal(413, {
      where: 'body',
      expected: `a picture of at most ${limits.picturePixels / 1e6} million pixels`,
      got: `${header!.width} x ${header!.height} pixels`,
    });
  }
  const [height, width] = profile.shape;
  const prepared = prepareImage(await decodePicture(body, 'body'), { height, width }, profile, { asIs });
  if (!prepared) {
    throw new Refusal(422, {
      where: 'body',
      expected: 'something that stands out from its background',
      got: 'an image of one colour',
      hint: 'no training picture is blank; with ?as-is it is predicted all the same',
    });
  }
  const notes = [...(prepared.done.length > 0 ? [prepared.done.join(', ')] : []), ...prepared.doubts];
  return { count: 1, features: prepared.pixels, notes, like: features };
}
