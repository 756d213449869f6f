export { docs } from './docs.ts';
export { doctor } from './doctor.ts';
export { handlers } from './handlers.ts';
export { metrics } from './metrics.ts';
