// Whose launcher has started a process, from its environment.
import { expect, test } from 'vitest';
import { readLauncher } from '#lockstep/cli/launcher.js';

test.each([
  ['mpirun of Open MPI', { OMPI_COMM_WORLD_SIZE: '4', PMIX_RANK: '0' }, { family: 'Open MPI', size: 4 }],
  ['mpirun of MPICH', { PMI_SIZE: '3', PMI_RANK: '0' }, { family: 'MPICH', size: 3 }],
  [
    'srun, which speaks to both families',
    { SLURM_JOB_ID: '7', SLURM_STEP_NUM_TASKS: '2', PMI_SIZE: '2' },
    { family: undefined, size: 2 },
  ],
  ['nobody', {}, { family: undefined, size: undefined }],
])('%s', (_, env, launcher) => {
  expect(readLauncher(env)).toEqual(launcher);
});
