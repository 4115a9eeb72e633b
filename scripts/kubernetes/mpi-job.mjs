// The JSON schema of an MPIJob, of the types of github.com/kubeflow/mpi-operator, pkg/apis/kubeflow/v2beta1.
// No package carries it. The pods in it have the schema of Kubernetes.
const object = (properties, required = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const count = { type: 'integer', minimum: 0 };
const replicas = object(
  {
    replicas: count,
    template: { type: 'object' },
    restartPolicy: { enum: ['Never', 'OnFailure'] },
  },
  ['template'],
);

export const mpiJob = object(
  {
    apiVersion: { const: 'kubeflow.org/v2beta1' },
    kind: { const: 'MPIJob' },
    metadata: object(
      {
        name: { type: 'string' },
        namespace: { type: 'string' },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        annotations: { type: 'object', additionalProperties: { type: 'string' } },
      },
      ['name'],
    ),
    spec: object(
      {
        slotsPerWorker: count,
        runPolicy: object({
          cleanPodPolicy: { enum: ['None', 'Running', 'All'] },
          ttlSecondsAfterFinished: count,
          activeDeadlineSeconds: count,
          backoffLimit: count,
          suspend: { type: 'boolean' },
        }),
        mpiReplicaSpecs: object({ Launcher: replicas, Worker: replicas }, ['Launcher', 'Worker']),
        sshAuthMountPath: { type: 'string' },
        mpiImplementation: { enum: ['OpenMPI', 'Intel', 'MPICH'] },
      },
      ['mpiReplicaSpecs'],
    ),
  },
  ['apiVersion', 'kind', 'metadata', 'spec'],
);
