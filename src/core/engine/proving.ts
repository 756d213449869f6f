import { sha256 } from '../code/text-hash.ts';
import { workspaceWith, type FixMakerOptions } from './fix-maker.ts';
import type { Fix, Verdict } from '../model/fix.ts';
import type { RecipePorts } from '../repair/recipe.ts';
import { judge } from '../validate/verdict.ts';
import { createScratch, scratchProcess, type LocalScratch } from '../validate/workspace/scratch.ts';
import { typeCheck } from '../validate/workspace/type-check.ts';
import type { RunTestFiles } from '../validate/scratch.ts';
import { createScratchRuns } from './scratch-runs.ts';
import type { Tests } from './tests.ts';

export interface ProvingRun {
  readonly signal?: AbortSignal;
  /** Before each gate, with its id. */
  readonly onGate?: (id: string) => void;
}

/** Runs of the workspace's own code, always in a scratch copy of it. */
export interface Proving {
  readonly judge: (fix: Fix, options: ProvingRun) => Promise<Verdict>;
  readonly observe: (signal?: AbortSignal) => NonNullable<RecipePorts['observe']>;
}

export interface ProvingOptions extends Pick<FixMakerOptions, 'root' | 'code' | 'tests' | 'now'> {
  /** Absolute telemetry paths: never copied. */
  readonly telemetry: () => readonly string[];
}

export function createProving(options: ProvingOptions): Proving {
  const { root, code, tests, now } = options;

  const inScratch = async <T>(
    signal: AbortSignal | undefined,
    use: (scratch: LocalScratch) => Promise<T>,
  ) => {
    const scratch = await createScratch({
      root,
      unsaved: code.unsaved(),
      telemetry: options.telemetry(),
      ...(signal && { signal }),
    });
    try {
      return await use(scratch);
    } finally {
      await scratch.close();
    }
  };

  const runsIn = (scratch: LocalScratch, known: Tests): RunTestFiles =>
    createScratchRuns(known, scratch.temp, scratchProcess(scratch));

  return {
    judge: (fix, { signal, onGate }) =>
      inScratch(signal, async (scratch) => {
        const replay = fix.proof.replay;
        const edits = [...fix.edits, ...(replay ? [{ file: replay.file, newText: replay.text }] : [])];
        const changed = fix.edits.filter(({ part }) => part === 'code').map(({ file }) => file);
        return judge({
          fix,
          scratch,
          runTests: runsIn(scratch, (await workspaceWith(edits, options)).tests),
          typeCheck: (files) => typeCheck(scratch, files, signal),
          affectedTests: tests.importing(changed),
          hashOf: async (file) => {
            const text = await code.textOf(file);
            return text === null ? null : sha256(text);
          },
          now,
          ...(signal && { signal }),
          ...(onGate && { onGate }),
        });
      }),
    observe:
      (signal) =>
      (test, edits = []) =>
        inScratch(signal, async (scratch) => {
          const all = [...edits, { file: test.file, newText: test.text }];
          await scratch.put(all);
          const runTests = runsIn(scratch, (await workspaceWith(all, options)).tests);
          const run = await runTests(scratch.root, [test.file], signal ? { signal } : {});
          if (run.k === 'cancelled') return { k: 'could-not-run', reason: 'It was cancelled.' };
          if (run.k === 'could-not-run') return run;
          const count = (state: string): number => run.tests.filter((entry) => entry.state === state).length;
          const failed = count('failed') + run.brokenFiles.length;
          return { k: 'ran', lines: run.lines, passed: count('passed'), failed };
        }),
  };
}
