/** The picture of a training: of points the plane and the units, of digits the weights and a gallery. */
import type { Dataset, Experiment, SteppedTraining } from 'lockstep/browser';
import { type Choice, isPlane } from './choice.ts';
import { digitsDrawing } from './digits.ts';
import { byId, say } from './elements.ts';
import { gallery } from './gallery.ts';
import { type ShownNetwork, showNetwork } from './network.ts';
import { drawPlane, fieldOf, type Look, nearestPoint, planeOf } from './plane.ts';
import { unitsDrawing } from './units.ts';

export interface Picture {
  classes: readonly string[];
  /** Draws the network as it is now. */
  draw(): void;
  /** The width of the page has changed. */
  place(): void;
  /** Marks a sample, by its number in the training set. */
  choose(sample: number): void;
}

/** @param onPick a sample was chosen */
export function pictureOf(
  choice: Choice,
  experiment: Experiment,
  dataset: Dataset,
  training: SteppedTraining,
  onPick: (sample: number) => void,
): Picture {
  const network = showNetwork(experiment, dataset, training);
  const points = isPlane(choice);
  byId('plane').hidden = !points;
  byId('gallery').hidden = points;
  byId('network').className = points ? 'of-plane' : 'of-digits';
  return points ? planePicture(network, onPick) : digitsPicture(network, onPick);
}

function planePicture(network: ShownNetwork, onPick: (sample: number) => void): Picture {
  const { dataset, classes } = network;
  const plane = planeOf(network);
  let look: Look;
  let chosen: number | undefined;
  let last: ReturnType<ShownNetwork['pass']> | undefined;
  const canvas = byId<HTMLCanvasElement>('plane');
  const paint = () => {
    if (last) drawPlane(canvas, plane, fieldOf(last, look), dataset, chosen);
  };
  const units = unitsDrawing(network, plane, (other) => {
    look = other;
    say('outcome-title', look ? `Layer ${look.layer + 1}, unit ${look.unit + 1}` : 'What it says');
    paint();
  });
  say('outcome-title', 'What it says');
  say(
    'outcome-note',
    `Orange where “${classes[0]}” is likely, blue where “${classes[1]}” is. Discs are points to learn from, rings ` +
      'are the test set. A click on a disc shows its numbers below.',
  );
  say(
    'network-note',
    'Each map shows what a unit gives at each place of the plane, blue above 0, orange below; a click shows it ' +
      'large. Lines are weights: blue adds, orange takes away, the thicker the more.',
  );
  canvas.setAttribute('aria-label', 'the plane: how likely each class is, and the points');
  canvas.onclick = ({ offsetX, offsetY }) =>
    onPick(nearestPoint(plane, dataset, offsetX / canvas.clientWidth, offsetY / canvas.clientHeight));
  return {
    classes,
    place: units.place,
    choose(sample) {
      chosen = sample;
      paint();
    },
    draw() {
      const weights = network.refresh();
      last = network.pass(plane.places);
      units.draw(weights, last);
      paint();
    },
  };
}

function digitsPicture(network: ShownNetwork, onPick: (sample: number) => void): Picture {
  const images = gallery(network, onPick);
  const digits = digitsDrawing(network);
  let chosen = 0;
  images.choose(chosen);
  say('outcome-title', 'What it takes them for');
  say('outcome-note', 'The first images to learn from. A click chooses one, and shows its numbers below.');
  say('network-note', 'Blue is above 0, orange below: what a bright pixel adds to the unit, or takes away.');
  const draw = () => {
    const weights = network.refresh();
    images.draw(network.pass(images.images));
    const image = images.image(chosen);
    digits.draw(weights, network.pass(image), image);
  };
  return {
    classes: network.classes,
    place() {},
    choose(sample) {
      chosen = sample;
      images.choose(sample);
      draw();
    },
    draw,
  };
}
