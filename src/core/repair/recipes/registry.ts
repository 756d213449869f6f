export { boundConcurrency } from './bound-concurrency.ts';
export { generateTest } from './generate-test.ts';
export { guardThrowingLine } from './guard-throwing-line.ts';
