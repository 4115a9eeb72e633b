#!/bin/bash
# Workers of sweeps over a queue. queue-slurm.sh submits them; more of them may join at any time:
#
#   sbatch --array=1-50 docs/schedulers/workers-slurm.sh redis://10.0.0.5:6379
#
# The size of the array is how many run, not how many trials there are. Each ends when no sweep is left. One
# that is cancelled, preempted or out of time gives its trials back at once; one that is requeued joins again.
#SBATCH --job-name=lockstep-workers
#SBATCH --array=1-8
#SBATCH --cpus-per-task=8
#SBATCH --requeue
#SBATCH --signal=B:TERM@30
#SBATCH --open-mode=append
#SBATCH --output=worker-%A-%a.log
set -euo pipefail

# exec, and not by npx, so that a signal of Slurm reaches the worker itself.
exec node_modules/.bin/train sweep work "${1:?name the queue, such as redis://10.0.0.5:6379}" \
  --threads "$SLURM_CPUS_PER_TASK" --until-empty
