// The only module that imports ts-morph: a local module importing it statically, so that `await import('./ts.ts')` gives named exports.
export { ts } from 'ts-morph';
