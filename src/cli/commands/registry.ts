export { anomalies } from './anomalies.ts';
export { docs } from './docs.ts';
export { doctor } from './doctor.ts';
export { explain } from './explain.ts';
export { fix } from './fix.ts';
export { handlers } from './handlers.ts';
export { learn } from './learn.ts';
export { metrics } from './metrics.ts';
