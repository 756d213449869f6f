import type { Fix } from '../../../../src/core/model/fix.ts';
import { CouldNotRun, type Ran, type Trial } from '../../../../src/core/validate/trial.ts';

export const newTest = 'tests/new.test.ts';
export const oldTest = 'tests/old.test.ts';

const STATES = { '+': 'passed', '-': 'failed', '~': 'skipped' } as const;

/** A run from words: `old+a` passed, `old-a` failed, `old~a` skipped, `old!` cannot be loaded; numbers are replayed requests. */
export function ran(words: string): Ran {
  const found = [...words.matchAll(/(old|new)(?:([-+~])(\w+)|(!))/g)];
  const fileOf = (name: string | undefined): string => (name === 'old' ? oldTest : newTest);
  return {
    k: 'ran',
    tests: found.flatMap(([, name, sign, title]) =>
      sign === undefined || title === undefined
        ? []
        : [
            {
              file: fileOf(name),
              title,
              state: STATES[sign as keyof typeof STATES],
              message: `${title} says`,
            },
          ],
    ),
    brokenFiles: found.flatMap(([, name, , , broken]) =>
      broken === undefined ? [] : [{ file: fileOf(name), message: 'no such module' }],
    ),
    lines: words.split(' ').flatMap((word) => (/^\d+$/.test(word) ? `suture-replay ${word}` : [])),
  };
}

/** A trial whose runs say what is written down, in turn: for what real tests do only by chance. `states` tells how the copy looked at each. */
export function scripted(
  script: readonly string[],
  more: Partial<Fix['proof']> & { readonly present?: readonly string[] } = {},
): { readonly trial: Trial; readonly states: string[] } {
  const { present = [oldTest], ...proof } = more;
  const states: string[] = [];
  let state = '';
  const rest = [...script];
  const fix: Fix = {
    ...{ id: 'f', fingerprint: 'f', recipe: 'r', tier: 'safe', title: '', summary: '', edits: [], notes: [] },
    proof: { test: { file: newTest, title: 'shows' }, failsBefore: true, mutants: [], ...proof },
  };
  const trial: Trial = {
    fix,
    present,
    current: () => Promise.resolve(null),
    state(next, extra = []) {
      state = [next, ...extra.map(({ newText }) => newText)].join(' ');
      return Promise.resolve();
    },
    run() {
      states.push(state);
      const next = rest.shift();
      if (next === undefined) throw new Error('One run more than was expected.');
      return next === 'crash' ? Promise.reject(new CouldNotRun('out of memory')) : Promise.resolve(ran(next));
    },
    types: () => Promise.resolve({ k: 'not-set-up', reason: '' }),
    baseline: null,
  };
  return { trial, states };
}
