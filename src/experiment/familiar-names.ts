/**
 * What people mean by the names that settings have elsewhere: in Weights & Biases, PyTorch, Keras,
 * scikit-learn. The answer is the setting's path in the experiment at hand, so that it can be copied.
 */
import type { KindConfig } from '../contracts/fields.ts';
import { nearest } from '../foundation/errors.ts';
import { catalogue } from '../model/catalogue.ts';
import { familySettings } from './families.ts';
import { keysOf } from './setting-path.ts';

/** Settings at a fixed path, and their names elsewhere, without case, dashes and underscores. */
export const familiarSettings: Readonly<Record<string, string>> = {
  'optimizer.learningRate':
    'lr learningrate learnrate stepsize eta eta0 baselr initiallr lrinit learningrateinit maxlr',
  'optimizer.weightDecay': 'wd weightdecay decay l2 l2reg l2penalty l2regularization reg regularization',
  'optimizer.momentum': 'momentum mom sgdmomentum',
  'optimizer.nesterov': 'nesterov nesterovsmomentum usenesterov',
  'optimizer.beta1': 'beta1 adambeta1',
  'optimizer.beta2': 'beta2 adambeta2',
  'optimizer.epsilon': 'eps epsilon adameps adamepsilon',
  'optimizer.rho': 'rho',
  'optimizer.clipNorm':
    'clip clipnorm gradclip clipgrad gradclipnorm clipgradnorm maxgradnorm gradientclipping gradientclipval',
  'optimizer.kind': 'opt optim optimname optimizername optimizertype optimiser solver',
  'schedule.kind': 'scheduler sched lrscheduler lrschedule schedulername schedulertype lrpolicy',
  'schedule.warmup': 'warmup warmupepochs numwarmupepochs lrwarmup warmupsteps numwarmupsteps',
  'schedule.factor': 'gamma lrgamma lrdecay decayrate lrdecayrate',
  'loss.kind': 'lossfn lossfunction lossname losstype criterion objective',
  'loss.smoothing': 'smoothing labelsmoothing labelsmooth',
  epochs: 'epoch epochs nepoch nepochs numepoch numepochs maxepochs trainepochs numtrainepochs',
  steps: 'step steps nsteps numsteps maxsteps iterations maxiter niter numiterations iters',
  batchSize: 'bs batch batchsize minibatch minibatchsize trainbatchsize perdevicetrainbatchsize',
  seed: 'seed randomseed randomstate rngseed manualseed',
  'earlyStopping.patience':
    'patience earlystop earlystoppingpatience earlystoppatience espatience niternochange earlystoppingrounds',
  'earlyStopping.minDelta': 'mindelta tol tolerance earlystoppingdelta',
  'earlyStopping.metric': 'monitor earlystoppingmetric earlystoppingmonitor',
  'data.validation':
    'val validation nval valsize valsplit valratio valfraction validationsize validationsplit ' +
    'validationfraction',
  'data.training': 'ntrain numtrain trainsize trainsamples maxsamples',
  'data.source': 'dataset datapath datadir dataroot datafile trainpath trainfile traindata inputfile',
  'execution.threads': 'threads nthreads numthreads workers nworkers numworkers njobs',
  initializer: 'init weightinit kernelinit kernelinitializer initialization initialisation initialiser',
};

/** Names of settings that lie in the model, wherever its layers are. */
const inModel = {
  units:
    'units nunits numunits hidden nhidden numhidden hiddenunits hiddensize hiddendim hiddenwidth width ' +
    'hiddenlayersize layersize layerunits layerssize fclayersize fcsize fcunits denseunits denselayersize ' +
    'neurons nneurons numneurons hiddenneurons hiddennodes nodes',
  dropout: 'dropout dropoutrate droprate dropoutprob dropoutprobability dropoutp pdrop pdropout drop',
  activation: 'act activation activationfn activationfunction activationname nonlinearity',
  channels: 'filters nfilters numfilters outchannels nchannels numchannels featuremaps convchannels',
  kernel: 'kernelsize filtersize convsize windowsize',
  padding: 'pad pads',
  stride: 'strides',
  layers:
    'layers nlayers numlayers layersizes hiddenlayers hiddenlayersizes hiddensizes nhiddenlayers ' +
    'numhiddenlayers depth',
} as const;

/** The layers that stand between two layers with weights; each is a function of one number. */
export const activations = ['relu', 'leaky-relu', 'elu', 'gelu', 'silu', 'tanh', 'sigmoid'] as const;

const bare = (name: string) => name.replace(/[^a-z0-9]/gi, '').toLowerCase();
const pathsOf = new Map(
  Object.entries(familiarSettings).flatMap(([path, names]) =>
    names.split(' ').map((name) => [name, path] as const),
  ),
);
const topicsOf = new Map(
  Object.entries(inModel).flatMap(([topic, names]) =>
    names.split(' ').map((name) => [name, topic as keyof typeof inModel] as const),
  ),
);

/** The path of a setting that has one path in every experiment, by its name elsewhere: `lr`. */
export function familiarPath(name: string): string | undefined {
  return pathsOf.get(bare(name));
}

/**
 * Advice for an unknown setting: `did you mean "optimizer.learningRate"?`. Undefined if nothing is near.
 *
 * @param name the setting as written
 * @param known names of the settings that could stand in its place
 * @param experiment the experiment, in which bare names have become objects
 */
export function adviceFor(name: string, known: readonly string[], experiment: unknown): string | undefined {
  const keys = keysOf(name).map(String);
  const same = known.find((setting) => bare(setting) === bare(name));
  if (same !== undefined) return didYouMean([same]);
  // `early_stopping.patience`: the whole name says more than its last word, and that more than its first.
  for (const part of [...new Set([name, keys.at(-1) ?? name])]) {
    const advice = meaning(part, known, experiment) ?? leavesLike(part, experiment);
    if (advice !== undefined) return advice;
  }
  const near = nearest(name, known) ?? nearest(name, leavesOf(experiment));
  if (near !== undefined) return didYouMean([near]);
  return keys.length > 1 ? meaning(keys[0]!, known, experiment) : undefined;
}

function meaning(name: string, known: readonly string[], experiment: unknown): string | undefined {
  const path = familiarPath(name);
  if (path !== undefined) {
    const last = path.split('.').at(-1)!;
    return known.includes(last) && last !== 'kind' ? didYouMean([last]) : atPath(path, experiment);
  }
  // hidden_1 and units2 are hidden and units.
  const topic = topicsOf.get(bare(name)) ?? topicsOf.get(bare(name).replace(/\d+/g, ''));
  if (topic === undefined) return undefined;
  if (topic !== 'layers' && known.includes(topic)) return didYouMean([topic]);
  // A pool calls its window a size.
  if (topic === 'kernel' && known.includes('size')) return didYouMean(['size']);
  return inTheModel(topic, experiment);
}

/** The setting, or who has it if the kind of the experiment at hand does not. */
function atPath(path: string, experiment: unknown): string {
  const [top, setting] = path.split('.') as [string, string?];
  const family = familySettings[top];
  const kind = (experiment as Record<string, Partial<KindConfig> | undefined> | undefined)?.[top]?.kind;
  const fields = family && typeof kind === 'string' ? catalogue[family].get(kind)?.fields : undefined;
  if (!fields || setting === undefined || setting === 'kind' || setting in fields) return didYouMean([path]);
  return `${path} is a setting of ${ownersOf(family!, setting)}, and here the ${family} is ${kind}`;
}

/** The kinds of a family that have this setting: `sgd`, `adam and adamw`. */
export function ownersOf(family: keyof typeof catalogue, setting: string): string {
  const owners = [...catalogue[family].values()].filter(({ fields }) => setting in fields);
  return listed(
    owners.map(({ kind }) => kind),
    'and',
  );
}

function inTheModel(topic: keyof typeof inModel, experiment: unknown): string {
  const model = (experiment as { model?: unknown } | undefined)?.model;
  const layers = layersOf(model, 'model');
  const last = Array.isArray(model) ? Math.max(0, model.length - 1) : 1;
  const paths = (setting: string, wanted: (layer: KindConfig) => boolean) =>
    layers.filter(({ layer }) => wanted(layer)).map(({ path }) => `${path}.${setting}`);
  const found = {
    units: () => paths('units', ({ units }) => typeof units === 'number'),
    dropout: () => paths('rate', ({ kind }) => kind === 'dropout'),
    activation: () => paths('kind', ({ kind }) => (activations as readonly string[]).includes(kind)),
    channels: () => paths('channels', ({ channels }) => typeof channels === 'number'),
    kernel: () => paths('kernel', (layer) => 'kernel' in layer),
    padding: () => paths('padding', (layer) => 'padding' in layer),
    stride: () => paths('stride', (layer) => 'stride' in layer),
    layers: () => [],
  }[topic]();
  if (found.length > 0) return didYouMean(found);
  switch (topic) {
    case 'units':
      return (
        'no layer of the model has a number of units; ' +
        'put `- { kind: dense, units: 64 }` and `- relu` at its front, then it is "model[0].units"'
      );
    case 'dropout':
      return (
        'the model has no dropout layer; put `- { kind: dropout, rate: 0.2 }` before its last layer, ' +
        `then it is "model[${last}].rate"`
      );
    case 'activation':
      return (
        'the model has no activation; put `- relu` before its last layer, ' +
        `then it is "model[${last}].kind"`
      );
    case 'channels':
    case 'kernel':
    case 'padding':
    case 'stride':
      return (
        'the model has no convolution; put `- { kind: conv, channels: 16, kernel: 3 }` at its front, ' +
        `then it is "model[0].${topic}"`
      );
    case 'layers':
      return 'the layers are those of "model", a list; write one experiment for each depth';
  }
}

/** All layers with their paths, those of residual blocks too. */
function layersOf(list: unknown, path: string): { layer: KindConfig; path: string }[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((layer, i) => {
    if (typeof layer !== 'object' || layer === null) return [];
    const here = `${path}[${i}]`;
    const inner = ['layers', 'shortcut'].flatMap((key) => layersOf(layer[key], `${here}.${key}`));
    return [{ layer, path: here }, ...inner];
  });
}

/** Settings of the experiment whose last word is this name. */
function leavesLike(name: string, experiment: unknown): string | undefined {
  const like = leavesOf(experiment).filter((leaf) => bare(leaf.split('.').at(-1)!) === bare(name));
  return like.length > 0 ? didYouMean(like) : undefined;
}

/** To compare a name with more settings than people write takes long. */
const enough = 500;

/** The paths of the settings of an experiment, of a very long one the first. */
function leavesOf(experiment: unknown): string[] {
  const leaves: string[] = [];
  const visit = (value: unknown, path: string): void => {
    if (leaves.length >= enough) return;
    if (typeof value !== 'object' || value === null) {
      if (path !== '') leaves.push(path);
      return;
    }
    const inList = Array.isArray(value);
    for (const [key, item] of Object.entries(value)) {
      visit(item, inList ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`);
    }
  };
  visit(experiment, '');
  return leaves;
}

/** No more than this many are named. */
const most = 4;

function didYouMean(names: readonly string[]): string {
  const quoted = names.slice(0, most).map((name) => `"${name}"`);
  return `did you mean ${listed(quoted, 'or')}?`;
}

/** a, b and c */
export function listed(words: readonly string[], last: 'and' | 'or'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}
