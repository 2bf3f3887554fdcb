// A worker in Node: fetches parcels with the official client, which checks every answer against its own schemas.
import { createCamundaClient } from '@camunda8/orchestration-cluster-api';

const client = createCamundaClient();
const topology = await client.getTopology();
const worker = client.createJobWorker({
  jobType: 'parcel.fetch',
  workerName: 'node-carrier',
  maxParallelJobs: 4,
  jobTimeoutMs: 60_000,
  pollTimeoutMs: 1_000,
  jobHandler: async (job) => {
    const { sender, grams } = job.variables;
    if (sender === 'nobody') return job.fail({ errorMessage: 'nobody was there', retries: 0 });
    return job.complete({ waybill: `W-${sender}`, fetched: grams });
  },
});
console.log(`ready ${topology.gatewayVersion}`);
process.stdin.resume();
process.stdin.on('end', () => {
  worker.stop();
  process.exit(0);
});
