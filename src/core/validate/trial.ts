import type { Fix, Gate } from '../model/fix.ts';
import type { RunTestFiles, Scratch, TestRun } from './scratch.ts';
import type { CheckTypes, TypeCheck } from './type-errors.ts';

export type Ran = Extract<TestRun, { readonly k: 'ran' }>;
export type GateResult = Omit<Gate, 'id'>;

/** A run that says nothing about the fix; ends its gate as inconclusive. */
export class CouldNotRun extends Error {}
/** The person does not want to know any more. */
export class Cancelled extends Error {}

/** The ways in which a copy can look during a verdict. */
export type CodeState = 'untouched' | 'only-tests' | 'fixed';

/** One fix on trial: what its gates may ask of the copy. */
export interface Trial {
  readonly fix: Fix;
  /** Test files of the project that touch the code of the fix, without those that it creates. */
  readonly present: readonly string[];
  readonly current: (file: string) => Promise<string | null>;
  /** Makes the copy look so, with some more texts on top. */
  readonly state: (
    state: CodeState,
    more?: readonly { readonly file: string; readonly newText: string }[],
  ) => Promise<void>;
  /** Throws `CouldNotRun` and `Cancelled`. */
  readonly run: (files: readonly string[]) => Promise<Ran>;
  /** Throws `CouldNotRun` and `Cancelled`. */
  readonly types: () => Promise<Exclude<TypeCheck, { k: 'cancelled' | 'could-not-run' }>>;
  /** What the untouched copy said; set by the gate `baseline`. */
  baseline: Baseline | null;
}

/** What affected tests say before the fix. */
interface Baseline {
  /** Failures that no fix is blamed for. */
  readonly failures: ReadonlySet<string>;
  /** Number of passed tests by file. */
  readonly passed: ReadonlyMap<string, number>;
}

export interface TrialOptions {
  readonly fix: Fix;
  readonly scratch: Scratch;
  readonly runTests: RunTestFiles;
  readonly typeCheck: CheckTypes;
  /** Posix, relative. */
  readonly affectedTests: readonly string[];
  /** SHA-256 (hex) of the user's present text of a file, unsaved changes included; null when there is none. */
  readonly hashOf: (file: string) => Promise<string | null>;
  readonly signal?: AbortSignal;
}

/** Prepares a trial; nothing is run yet. */
export function createTrial(options: TrialOptions): Trial {
  const { fix, scratch, affectedTests, signal } = options;
  const created = new Set(fix.edits.flatMap(({ file, sha256Before }) => (sha256Before === null ? file : [])));
  const testEdits = fix.edits.filter(({ part }) => part === 'test');
  const present = [...new Set([...affectedTests, ...testEdits.map(({ file }) => file)])]
    .filter((file) => !created.has(file) && file !== fix.proof.replay?.file)
    .sort();
  const edits = { untouched: [], 'only-tests': testEdits, fixed: fix.edits };
  return {
    fix,
    present,
    current: options.hashOf,
    async state(state, more = []) {
      if (signal?.aborted === true) throw new Cancelled();
      await scratch.restore();
      await scratch.put([...edits[state], ...more]);
    },
    async run(files) {
      const run = await options.runTests(scratch.root, files, { ...(signal && { signal }) });
      return settled(run, signal);
    },
    async types() {
      const files = [...fix.edits.map(({ file }) => file), ...present];
      return settled(await options.typeCheck(files), signal);
    },
    baseline: null,
  };
}

function settled<T extends { readonly k: string }>(
  result: T,
  signal: AbortSignal | undefined,
): Exclude<T, { readonly k: 'cancelled' | 'could-not-run' }> {
  if (signal?.aborted === true) throw new Cancelled();
  if (result.k === 'cancelled') throw new CouldNotRun('It took too long and was ended.');
  if (result.k === 'could-not-run' && 'reason' in result) throw new CouldNotRun(String(result.reason));
  return result as Exclude<T, { readonly k: 'cancelled' | 'could-not-run' }>;
}
