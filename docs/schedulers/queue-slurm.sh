#!/bin/bash
# A sweep over a queue: this job decides and records, an array of workers trains.
#
#   npm install bullmq ioredis
#   sbatch docs/schedulers/queue-slurm.sh my-sweep.yaml                          # with a Redis of its own
#   sbatch docs/schedulers/queue-slurm.sh my-sweep.yaml redis://10.0.0.5:6379    # with one that is there
#   WORKERS=20 CPUS=4 sbatch docs/schedulers/queue-slurm.sh my-sweep.yaml        # otherwise 8, of 8 cores
#
# Its own Redis runs on the node of this job (redis-server and redis-cli must be there). Only this job and its
# workers know the password; for another server, put it into REDISCLI_AUTH before sbatch. If the job is
# requeued, it goes on where it was, with new workers. workers-slurm.sh must lie beside this file.
#SBATCH --job-name=lockstep-queue
#SBATCH --cpus-per-task=1
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=queue-%j.log
set -euo pipefail
sweep=${1:?name the file of the sweep}
url=${2:-}
workers=lockstep-workers-$SLURM_JOB_ID
# Slurm runs a copy of this file, but knows where it was.
command=$(scontrol show job "$SLURM_JOB_ID" | sed -n 's/^ *Command=//p')
script=$(dirname "${command%% *}")/workers-slurm.sh

# Those of a life before are gone too, if this job was requeued.
scancel --name="$workers"
trap 'scancel --name="$workers"; kill $(jobs -p) 2>/dev/null || true' EXIT

if [ -z "$url" ]; then
  REDISCLI_AUTH=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  export REDISCLI_AUTH
  port=$((20000 + SLURM_JOB_ID % 10000))
  url=redis://$(hostname):$port
  # From its standard input: all users of the node can read a command line.
  redis-server - <<CONFIGURATION &
port $port
requirepass $REDISCLI_AUTH
save ""
loglevel warning
CONFIGURATION
  until [ "$(redis-cli -p "$port" ping 2>&1)" = PONG ]; do
    kill -0 $! || exit 1
    sleep 0.2
  done
fi

sbatch --job-name="$workers" --array="1-${WORKERS:-8}" --cpus-per-task="${CPUS:-8}" "$script" "$url"
node_modules/.bin/train sweep "$sweep" --queue "$url" --threads "$SLURM_CPUS_PER_TASK"
