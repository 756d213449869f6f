import type { Problem } from '../model/problem.ts';

/** Problems of all sources, one entry per file and code with its first line and the sum of counts; bounded. */
export interface ProblemBook {
  readonly add: (problems: Iterable<Problem>) => void;
  /** Replaces all problems of one origin, for inputs that are read again as a whole. */
  readonly set: (origin: string, problems: readonly Problem[]) => void;
  readonly list: () => readonly Problem[];
  /** Sum of all counts. */
  readonly count: () => number;
}

const maxEntries = 500;

export function createProblemBook(): ProblemBook {
  const added = new Map<string, Problem>();
  const replaced = new Map<string, readonly Problem[]>();
  let beyond = 0;

  const list = (): Problem[] => {
    const all = [...[...replaced.values()].flat(), ...added.values()];
    if (beyond > 0) {
      const message = 'Further problems in further files; these are not listed one by one.';
      all.push({ file: '', code: 'more-problems', message, count: beyond });
    }
    return all;
  };

  return {
    add(problems) {
      for (const problem of problems) {
        const key = `${problem.code}\n${problem.file}`;
        const known = added.get(key);
        if (known) added.set(key, { ...known, count: known.count + problem.count });
        else if (added.size < maxEntries) added.set(key, problem);
        else beyond += problem.count;
      }
    },
    set: (origin, problems) => void replaced.set(origin, problems),
    list,
    count: () => list().reduce((sum, problem) => sum + problem.count, 0),
  };
}
