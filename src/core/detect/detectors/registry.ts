export { errorBurst } from './error-burst.ts';
export { latencyRegression } from './latency-regression.ts';
export { nPlusOneCall } from './n-plus-one-call.ts';
export { untestedHandler } from './untested-handler.ts';
