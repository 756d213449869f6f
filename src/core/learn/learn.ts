export { outcomesOf } from './outcomes.ts';
export { isMuted, orderByTrust, trustOf } from './trust.ts';
