export { express } from './express.ts';
export { renderx } from './renderx.ts';
