#!/bin/bash
# One training over ranks, one on each of four nodes. docs/clusters.md says which trainings this suits.
#
#   npm install koffi
#   sbatch docs/schedulers/ranks-slurm.sh my.yaml
#
# Open MPI needs Slurm's plugin pmix, MPICH pmi2: `srun --mpi=list` names those that are there. Debian's
# pmix looks for libpmix.so, which is in libpmix-dev, on every node. Where no plugin suits, mpirun starts
# ranks on the nodes of the job just as well; see below.
#
# A job that is cancelled, preempted or out of time leaves a checkpoint; one that is requeued goes on from it.
#SBATCH --job-name=lockstep-ranks
#SBATCH --nodes=4
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=8
#SBATCH --requeue
#SBATCH --signal=TERM@60
#SBATCH --open-mode=append
#SBATCH --output=ranks-%j.log
set -euo pipefail
experiment=${1:?name the file of the experiment}
run=runs/$(basename "${experiment%.*}")-$SLURM_JOB_ID

if compgen -G "$run/checkpoints/*.safetensors" > /dev/null; then
  work=(resume "$run")
else
  rm -rf "$run" # begun by this job, and killed before its first checkpoint
  work=("$experiment" --out "$run")
fi
train=(node_modules/.bin/train "${work[@]}" --ranks mpi --threads "$SLURM_CPUS_PER_TASK")

echo "${train[*]}"
srun --mpi="${MPI:-pmix}" --cpus-per-task="$SLURM_CPUS_PER_TASK" "${train[@]}"
# or, without a plugin:
# mpirun --bind-to none "${train[@]}"
