// What no schema tells: that the parts of a file speak of each other rightly.

/** All objects within, the value itself too. */
function* objectsIn(value) {
  if (typeof value !== 'object' || value === null) return;
  yield value;
  for (const each of Object.values(value)) yield* objectsIn(each);
}

const contains = (labels, wanted) =>
  Object.entries(wanted).every(([name, value]) => labels?.[name] === value);

/** @returns a line for each thing in the documents of a file that does not fit another */
export function disagreements(documents) {
  const wrong = [];
  const pods = [...objectsIn(documents)].filter(({ spec }) => Array.isArray(spec?.containers));
  const services = new Set(
    documents.filter(({ kind }) => kind === 'Service').map(({ metadata }) => metadata.name),
  );
  for (const { spec } of pods) {
    const volumes = new Set((spec.volumes ?? []).map(({ name }) => name));
    for (const { name, volumeMounts = [], command = [], args = [] } of spec.containers) {
      for (const mount of volumeMounts) {
        if (!volumes.has(mount.name)) wrong.push(`container ${name}: no volume ${mount.name}`);
      }
      for (const word of [...command, ...args]) {
        const [, host] = /^redis:\/\/([^:/]+)/.exec(word) ?? [];
        if (host && !services.has(host)) wrong.push(`container ${name}: no service ${host}`);
      }
    }
  }
  for (const { kind, metadata, spec } of documents) {
    const what = `${kind} ${metadata.name}`;
    const selected = kind === 'Service' ? spec.selector : kind === 'Deployment' && spec.selector.matchLabels;
    const own = kind === 'Deployment' ? [spec.template] : pods;
    if (selected && !own.some((pod) => contains(pod.metadata?.labels, selected))) {
      wrong.push(`${what}: selects no pod`);
    }
    const text = JSON.stringify(spec);
    const [, shards] = /auto\/(\d+)/.exec(text) ?? [];
    if (shards && (Number(shards) !== spec.completions || spec.completionMode !== 'Indexed')) {
      wrong.push(`${what}: auto/${shards} and completions: ${spec.completions}`);
    }
    const [, ranks] = /mpirun -n (\d+)/.exec(text) ?? [];
    if (kind === 'MPIJob' && Number(ranks) !== spec.mpiReplicaSpecs.Worker.replicas * spec.slotsPerWorker) {
      wrong.push(`${what}: ${ranks} ranks for ${spec.mpiReplicaSpecs.Worker.replicas} workers`);
    }
    if (/podFailurePolicy/.test(text) && spec.template.spec.restartPolicy !== 'Never') {
      wrong.push(`${what}: podFailurePolicy wants restartPolicy: Never`);
    }
  }
  return wrong;
}
