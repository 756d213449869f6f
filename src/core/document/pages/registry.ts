export { handlerSpecs } from './handler-specs.ts';
export { index } from './index.ts';
