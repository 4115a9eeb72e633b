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
#SBATCH --output=sweep-%a.log
set -euo pipefail
sweep=${1:?name the file of the sweep}
name=$(basename "${sweep%.*}")

npx train sweep "$sweep" --threads "$SLURM_CPUS_PER_TASK"

# The first task asks for the end: it begins when all of the array are done.
if [ "$SLURM_ARRAY_TASK_ID" = "$SLURM_ARRAY_TASK_MIN" ]; then
  sbatch --dependency="afterok:$SLURM_ARRAY_JOB_ID" --cpus-per-task=8 --output=sweep-merge.log \
    --wrap="npx train sweep merge runs/sweep-$name runs/sweep-$name-shard-*-of-$SLURM_ARRAY_TASK_COUNT"
fi
