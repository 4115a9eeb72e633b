/** The playground: what a reader chooses becomes an experiment, which learns in this page and is drawn. */
import {
  type Dataset,
  defineExperiment,
  type Experiment,
  explainStep,
  inline,
  provideKernels,
  stepped,
} from 'lockstep/browser';
import { addressOf, choiceAt } from './address.ts';
import { type Choice, commandOf, isPlane, settingsOf } from './choice.ts';
import { drawCurves } from './curves.ts';
import { openData } from './data.ts';
import { byId, say } from './elements.ts';
import { explanation } from './explain.ts';
import { startForm } from './form.ts';
import { bytesOf } from './packed.ts';
import { type Picture, pictureOf } from './picture.ts';
import { startPlayer } from './player.ts';
import { type Timeline, timelineOf } from './timeline.ts';

/** Milliseconds between two digests while it plays. */
const digestEvery = 250;

interface Shown {
  choice: Choice;
  experiment: Experiment;
  dataset: Dataset;
  timeline: Timeline;
  picture: Picture;
}

let shown: Shown | undefined;
/** The choice that is being made ready; another one may have taken its place. */
let wanted: Choice | undefined;

const player = startPlayer({ show, fail: trouble });
const fillForm = startForm((choice) => void begin(choice));

/** Makes a training of a choice ready, at its first step. */
async function begin(choice: Choice): Promise<void> {
  wanted = choice;
  history.replaceState(null, '', `#${addressOf(choice)}`);
  await player.halt();
  try {
    const experiment = defineExperiment(settingsOf(choice));
    const dataset = await openData(choice);
    const training = await stepped(experiment, { dataset, executor: inline() });
    if (wanted !== choice) return;
    trouble(undefined);
    // Somebody may have started it again meanwhile.
    await player.halt();
    await shown?.timeline.training.end();
    if (wanted !== choice) return;
    const picture = pictureOf(choice, experiment, dataset, training, explain);
    shown = { choice, experiment, dataset, timeline: timelineOf(training), picture };
    byId('sample').replaceChildren();
    byId<HTMLInputElement>('sample-number').max = String(dataset.train.count);
    byId<HTMLAnchorElement>('link').href = `#${addressOf(choice)}`;
    const time = byId<HTMLInputElement>('time');
    time.max = String(training.plan.steps);
    player.load(shown.timeline);
  } catch (error) {
    if (wanted === choice) trouble(error);
  }
}

/** Draws all that depends on the step. */
function show({ training }: Timeline): void {
  if (shown?.timeline.training !== training) return;
  const { plan, steps, loss, history } = training;
  const over = steps === plan.steps;
  shown.picture.draw();
  drawCurves(history);
  const time = byId<HTMLInputElement>('time');
  // Where it goes to, so that no key is lost that comes before it is there.
  time.value = String(player.target);
  time.setAttribute('aria-valuetext', `step ${steps} of ${plan.steps}`);
  const play = byId('play');
  play.textContent = player.playing ? 'Pause' : over ? 'Play again' : 'Play';
  const first = steps === 0;
  const disabled = { play: false, time: false, back: first, reset: first, step: over, epoch: over };
  for (const [id, off] of Object.entries({ ...disabled, 'show-sample': false })) {
    byId<HTMLButtonElement | HTMLInputElement>(id).disabled = off;
  }
  say('now-step', `${steps} of ${plan.steps}`);
  const epoch = Math.min(Math.floor(steps / plan.stepsPerEpoch) + 1, plan.epochs);
  say('now-epoch', `${epoch} of ${plan.epochs}`);
  const last = history.at(-1);
  const now = Number.isNaN(loss) ? last?.train.loss : loss;
  say('now-loss', now === undefined ? '–' : now.toFixed(4));
  const accuracy = last?.validation?.accuracy;
  say('now-accuracy', accuracy === undefined ? '–' : `${(100 * accuracy).toFixed(1)} %`);
  const { rate } = player;
  say('now-speed', rate === undefined ? '–' : rate.toFixed(rate < 10 ? 1 : 0));
  sayDigest();
}

let digestAt = 0;

/** The digest of the weights as they are, and the command that comes to it. */
function sayDigest(): void {
  const { choice, timeline } = shown!;
  const { training } = timeline;
  const now = performance.now();
  if (player.playing && now - digestAt < digestEvery) return;
  digestAt = now;
  const { steps, plan } = training;
  const over = steps === plan.steps;
  say('digest', training.weightsSha256());
  say('digest-when', steps === 0 ? 'before the first step' : `after step ${steps} of ${plan.steps}`);
  const between = !over && steps > 0 && choice.schedule === 'constant';
  say('command', commandOf(choice, between ? steps : undefined));
  say(
    'command-note',
    over
      ? 'This command comes to the same:'
      : between
        ? 'This command ends there, too, and comes to the same:'
        : `This command comes to the digest of step ${plan.steps}:`,
  );
}

/** Shows a mistake in the choices, or why the training cannot go on; nothing if there is none. */
function trouble(error: unknown): void {
  const into = byId('trouble');
  into.hidden = error === undefined;
  into.textContent = error === undefined ? '' : (error as Error).message;
}

/** Shows the numbers of a sample in the next step; at the end, in the last one. */
async function explain(sample: number): Promise<void> {
  const { experiment, dataset, timeline, picture, choice } = shown!;
  await player.halt();
  const { steps, plan } = timeline.training;
  const step = Math.min(steps + 1, plan.steps);
  byId<HTMLInputElement>('sample-number').value = String(sample + 1);
  picture.choose(sample);
  const into = byId('sample');
  try {
    const explained = await explainStep(experiment, dataset, { sample: sample + 1, step });
    if (shown?.timeline !== timeline) return;
    const side = isPlane(choice) ? undefined : 28;
    const onStep = (step: number) => {
      player.seek(step - 1);
      void player.settled().then(() => explain(sample));
    };
    into.replaceChildren(...explanation(explained, picture.classes, side, onStep));
    bringIntoView(byId('sample-section'));
  } catch (error) {
    into.textContent = (error as Error).message;
  }
}

function bringIntoView(section: HTMLElement): void {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  section.scrollIntoView({ behavior: still ? 'auto' : 'smooth' });
}

function startControls(): void {
  const on = (id: string, act: () => void) => byId(id).addEventListener('click', act);
  const training = () => shown!.timeline.training;
  on('play', () => {
    if (player.playing) player.pause();
    else if (training().steps === training().plan.steps) {
      player.seek(0);
      player.play();
    } else player.play();
  });
  on('back', () => player.seek(Math.max(0, player.target - 1)));
  on('step', () => player.seek(Math.min(training().plan.steps, player.target + 1)));
  on('epoch', () => {
    const { stepsPerEpoch, steps } = training().plan;
    player.seek(Math.min(steps, (Math.floor(player.target / stepsPerEpoch) + 1) * stepsPerEpoch));
  });
  on('reset', () => player.seek(0));
  const time = byId<HTMLInputElement>('time');
  time.addEventListener('input', () => player.seek(Number(time.value)));
  const speed = byId<HTMLSelectElement>('speed');
  speed.addEventListener('change', () => {
    player.speed = Number(speed.value);
  });
  byId('sample-form').addEventListener('submit', (event) => {
    event.preventDefault();
    void explain(Number(byId<HTMLInputElement>('sample-number').value) - 1);
  });
  on('copy', () => void copyCommand());
  addEventListener('hashchange', () => {
    const choice = choiceAt(location.hash.slice(1));
    fillForm(choice);
    void begin(choice);
  });
  addEventListener('resize', () => shown?.picture.place());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => shown?.picture.draw());
}

/** A page that was opened as a file may have no clipboard: then the command is selected. */
async function copyCommand(): Promise<void> {
  const command = byId('command');
  try {
    await navigator.clipboard.writeText(command.textContent!);
    say('copy', 'Copied');
    setTimeout(() => say('copy', 'Copy'), 1500);
  } catch {
    getSelection()!.selectAllChildren(command);
  }
}

provideKernels(bytesOf('kernels'));
startControls();
const first = choiceAt(location.hash.slice(1));
fillForm(first);
void begin(first);
