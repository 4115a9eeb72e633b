#!/bin/bash
# A sweep split over a Slurm array: each task does every fourth trial, and a last job joins the parts.
#
#   sbatch docs/schedulers/sweep-slurm.sh my-sweep.yaml
#
# Lockstep takes its part from SLURM_ARRAY_TASK_ID and SLURM_ARRAY_TASK_COUNT. A task that is requeued goes on
# where it was. The folder must be one that all nodes see.
#SBATCH --job-name=lockstep-sweep
#SBATCH --array=1-4
#SBATCH --cpus-per-task=8
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=sweep-%a.log
set -euo pipefail
sweep=${1:?name the file of the sweep}
name=$(basename "${sweep%.*}")
train=node_modules/.bin/train

# The first task asks for the end, which begins when all of the array are done. A part in which a trial failed
# ends with 1, and belongs to the sweep all the same. Trials that a part has not done are done there.
if [ "$SLURM_ARRAY_TASK_ID" = "$SLURM_ARRAY_TASK_MIN" ] && [ "${SLURM_RESTART_COUNT:-0}" = 0 ]; then
  sbatch --job-name=lockstep-merge --dependency="afterany:$SLURM_ARRAY_JOB_ID" \
    --cpus-per-task="$SLURM_CPUS_PER_TASK" --output=sweep-merge.log \
    --wrap="$train sweep merge runs/sweep-$name runs/sweep-$name-shard-*-of-$SLURM_ARRAY_TASK_COUNT"
fi

# exec, and not by npx, so that a signal of Slurm reaches the sweep itself.
exec "$train" sweep "$sweep" --threads "$SLURM_CPUS_PER_TASK"
