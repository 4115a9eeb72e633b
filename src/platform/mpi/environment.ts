/**
 * Sets what MPI libraries read from the environment, before one is loaded. In the main thread: the others
 * have copies of it, which C libraries do not see.
 */
export function prepareForMpi(): void {
  // UCX, under many an MPI, would patch how memory is mapped, in a process whose threads do so meanwhile.
  process.env.UCX_MEM_EVENTS ??= 'n';
}
