// A training whose second rank reads another file.
import { program } from './launch.mjs';

const rank = process.env.OMPI_COMM_WORLD_RANK ?? process.env.PMI_RANK;
process.argv.push(rank === '1' ? 'b.yaml' : 'a.yaml', '--ranks', 'mpi', '--out', 'other', '--quiet');
await import(program);
