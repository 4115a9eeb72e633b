/** What the launcher of MPI programs, mpirun or srun, has told this process in its environment. */
import type { Family } from '../platform/mpi/library.ts';

export interface Launcher {
  /** The family of its MPI; undefined: unknown. */
  family: Family | undefined;
  /** Processes that it has started; undefined: none was told. */
  size: number | undefined;
}

export function readLauncher(env: Readonly<Record<string, string | undefined>>): Launcher {
  const openMpi = env.OMPI_COMM_WORLD_SIZE;
  // Slurm speaks the language of MPICH's launcher with any family.
  const mpich = env.SLURM_JOB_ID === undefined ? env.PMI_SIZE : undefined;
  const size = openMpi ?? env.PMI_SIZE ?? env.SLURM_STEP_NUM_TASKS;
  const family = openMpi !== undefined ? 'Open MPI' : mpich !== undefined ? 'MPICH' : undefined;
  return { family, size: size === undefined ? undefined : Number(size) };
}

/**
 * Sets what MPI libraries read, before one is loaded: in the environment of the main thread, for the others
 * have copies, which C libraries do not see.
 */
export function prepareForMpi(env: NodeJS.ProcessEnv): void {
  // UCX, under many an MPI, would patch how memory is mapped, in a process whose threads do so meanwhile.
  env.UCX_MEM_EVENTS ??= 'n';
}
