// The schemas of Kubernetes, which kubernetes-models carries as compiled validators, and that of an MPIJob.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import { mpiJob } from './mpi-job.mjs';

const require = createRequire(import.meta.url);
const folder = fileURLToPath(new URL('node_modules/kubernetes-models/_schemas', import.meta.url));
const validatorOf = (name) => require(join(folder, `${name}.js`)).validate;

const validators = {
  'v1 Service': validatorOf('IoK8sApiCoreV1Service'),
  'apps/v1 Deployment': validatorOf('IoK8sApiAppsV1Deployment'),
  'batch/v1 Job': validatorOf('IoK8sApiBatchV1Job'),
};
const template = validatorOf('IoK8sApiCoreV1PodTemplateSpec');
const mpi = new Ajv({ allErrors: true }).compile(mpiJob);

/** @returns a line for each fault of a document: another type, an unknown field, one that is missing */
export function wrongIn(document) {
  const kind = `${document.apiVersion} ${document.kind}`;
  if (kind === 'kubeflow.org/v2beta1 MPIJob') {
    if (!mpi(document)) return textsOf(mpi.errors);
    const replicas = Object.values(document.spec.mpiReplicaSpecs);
    return replicas.flatMap((each) => faults(template, each.template));
  }
  const validate = validators[kind];
  return validate ? faults(validate, document) : [`no schema of ${kind}`];
}

const textsOf = (errors) =>
  errors.map(({ instancePath, message, keyword }) => `${instancePath} ${message ?? keyword}`);

/** The validators let unknown fields pass. But they look at each field that they know, and we see that. */
function faults(validate, document) {
  const seen = new Set();
  const watched = (value, path) =>
    typeof value !== 'object' || value === null
      ? value
      : new Proxy(value, {
          get(target, name) {
            if (typeof name === 'string') seen.add(`${path}/${name}`);
            return watched(target[name], `${path}/${String(name)}`);
          },
        });
  const wrong = validate(watched(document, '')) ? [] : textsOf(validate.errors);
  const unknown = (value, path) => {
    if (typeof value !== 'object' || value === null || isFree(document.kind, path)) return [];
    return Object.entries(value).flatMap(([name, each]) =>
      seen.has(`${path}/${name}`) ? unknown(each, `${path}/${name}`) : [`${path}/${name}: unknown`],
    );
  };
  return [...wrong, ...unknown(document, '')];
}

/** Whether it is a map whose names are the user's, as is the selector of a service, but of nothing else. */
const isFree = (kind, path) =>
  /\/(labels|annotations|matchLabels|limits|requests|nodeSelector)$/.test(path) ||
  (kind === 'Service' && path === '/spec/selector');

/** The document with each of its fields misspelt in turn, and with each of its values of another type. */
export function* spoilt(document) {
  for (const { path, names } of fieldsOf(document.kind, document, '', [])) {
    for (const spoil of [misspell, mistype]) {
      const other = structuredClone(document);
      let within = other;
      for (const name of names.slice(0, -1)) within = within[name];
      spoil(within, names.at(-1));
      yield { path, document: other };
    }
  }
}

function* fieldsOf(kind, value, path, names) {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, each] of Object.entries(value)) {
    const at = { path: `${path}/${name}`, names: [...names, name] };
    if (!Array.isArray(value)) yield at;
    if (!isFree(kind, at.path)) yield* fieldsOf(kind, each, at.path, at.names);
  }
}

function misspell(within, name) {
  within[`${name}x`] = within[name];
  delete within[name];
}

function mistype(within, name) {
  within[name] = typeof within[name] === 'object' ? 'text' : { a: { b: 1 } };
}
