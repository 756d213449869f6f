import type { Problem } from '../../model/problem.ts';
import type { Store } from './store.ts';

/** A store that keeps nothing: every session begins anew. */
export function memoryStore(problems: readonly Problem[] = []): Store {
  return {
    load: () => ({ windows: [], operations: [], shapes: [], positions: [], pending: [] }),
    commit: () => true,
    isWriter: () => true,
    renew: () => 'kept',
    changed: () => false,
    problems: () => problems,
    close: () => undefined,
  };
}
