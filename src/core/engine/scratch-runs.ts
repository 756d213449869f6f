import path from 'node:path';
import { planRuns, runTests, type RunPort } from '../tests/run.ts';
import type { RunTestFiles, TestRun } from '../validate/scratch.ts';
import { existsUnder, readIfThere } from '../validate/workspace/run-files.ts';
import type { Tests } from './tests.ts';

/** Runs test files with the runners of the workspace in a copy of it; `run` starts a process there. */
export function createScratchRuns(
  tests: Pick<Tests, 'files'>,
  /** Absolute folder for reports, gone with the copy. */
  reports: string,
  run: RunPort['run'],
): RunTestFiles {
  let runs = 0;
  return async (root, files, { signal, env }) => {
    const byPath = new Map(tests.files().map((file) => [file.path, file]));
    const known = files.flatMap((file) => byPath.get(file) ?? []);
    const strangers = files.filter((file) => !byPath.has(file));
    if (strangers.length > 0) {
      const reason = `No test runner of the workspace takes ${strangers.join(', ')} as a test file.`;
      return { k: 'could-not-run', reason };
    }
    const lines: string[] = [];
    const port: RunPort = {
      run: (start) =>
        run({
          ...start,
          env: { ...start.env, ...env },
          onLine: (line) => {
            lines.push(line);
            start.onLine?.(line);
          },
        }),
      read: readIfThere,
      absolute: (relative) => path.join(root, relative),
      platform: process.platform,
    };
    const parts: (TestRun & { readonly k: 'ran' })[] = [];
    for (const plan of planRuns(known, (file) => existsUnder(root, file))) {
      if ('reason' in plan) return { k: 'could-not-run', reason: plan.reason };
      const reportFile = path.join(reports, `report-${++runs}.json`);
      const outcome = await runTests(plan, port, { reportFile, ...(signal && { signal }) });
      if (outcome.k === 'cancelled') return { k: 'cancelled' };
      if (outcome.k === 'inconclusive') {
        return { k: 'could-not-run', reason: `${outcome.reason}\n${outcome.outputTail}`.trim() };
      }
      const inRoot = (file: string): string => relativeTo(root, file);
      parts.push({
        k: 'ran',
        tests: outcome.report.tests.map(({ file, titles, state, message }) => ({
          file: inRoot(file),
          title: titles.join(' > '),
          state: state === 'not-run' ? 'skipped' : state,
          ...(message === undefined ? {} : { message }),
        })),
        brokenFiles: outcome.report.brokenFiles.map(({ file, message }) => ({ file: inRoot(file), message })),
        lines: [],
      });
    }
    return {
      k: 'ran',
      tests: parts.flatMap((part) => part.tests),
      brokenFiles: parts.flatMap((part) => part.brokenFiles),
      lines,
    };
  };
}

/** Reports name files absolutely; temporary folders may be reached through links (`/tmp` on macOS). */
function relativeTo(root: string, file: string): string {
  const plain = file.replaceAll('\\', '/');
  const base = root.replaceAll('\\', '/');
  const at = plain.indexOf(`${base}/`);
  return at === -1 ? plain : plain.slice(at + base.length + 1);
}
