export { addedTime } from './added-time.ts';
export { awaitedCallInLoop } from './awaited-call-in-loop.ts';
export { noTestCallsIt } from './no-test-calls-it.ts';
export { throwingLine } from './throwing-line.ts';
