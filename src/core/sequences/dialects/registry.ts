export { renderx } from './renderx.ts';
