// Publishes a message that may wait an hour, with the official Node client.
import { createCamundaClient } from '@camunda8/orchestration-cluster-api';

const [name, correlationKey] = process.argv.slice(2);
const client = createCamundaClient();
const published = await client.publishMessage({ name, correlationKey, timeToLive: 3_600_000, variables: { stamp: 'ok' } });
console.log(JSON.stringify(published));
process.exit(0);
