import path from 'node:path';
import { resolveImport } from '../handlers/resolve.ts';
import { modifiedMs, readReport } from '../ingest/sources/report-files.ts';
import type { HandlerTests } from '../model/test.ts';
import { createImportGraph } from '../tests/closure.ts';
import type { ResolveImport } from '../tests/reader.ts';
import { planRuns, runTests, type RunPort } from '../tests/run.ts';
import { createTestIndex, type TestIndex } from '../tests/status.ts';
import { runProcess } from '../validate/workspace/process.ts';
import { existsUnder, readIfThere, withTemporaryFolder } from '../validate/workspace/run-files.ts';
import type { CodeIndex } from './code-index.ts';

/** What a run on demand is about: the tests of one handler, of one file, or all. */
export type RunTarget = { readonly handlerId: string } | { readonly file: string } | { readonly all: true };

export interface RunProgress {
  readonly done: number;
  readonly total: number;
  readonly file: string;
}

/** How a run on demand ended. Only `ran` says anything about tests; `inconclusive` is never a pass. */
export interface RunSummary {
  readonly outcome: 'ran' | 'cancelled' | 'inconclusive' | 'nothing-to-run';
  readonly passed: number;
  readonly failed: number;
  /** Reasons of what could not run, with the end of the output. */
  readonly notes: readonly string[];
}

export interface Tests {
  /** After every change of the code. */
  readonly update: () => void;
  /** Looks for reports that changed since the last look; true when one did. */
  readonly readReports: () => Promise<boolean>;
  readonly forHandler: (handlerId: string) => HandlerTests | undefined;
  /** The same without results, which differ from machine to machine. */
  readonly fromSource: () => ReadonlyMap<string, HandlerTests>;
  readonly cases: TestIndex['cases'];
  readonly files: TestIndex['files'];
  readonly covers: TestIndex['covers'];
  /** Test files that import one of these files, directly or not. */
  readonly importing: (files: readonly string[]) => readonly string[];
  /** Starts runners of the workspace: only ever called on a person's wish, in a workspace that is trusted. */
  readonly run: (
    target: RunTarget,
    options: { readonly signal?: AbortSignal; readonly onProgress?: (progress: RunProgress) => void },
  ) => Promise<RunSummary>;
}

export interface TestsOptions {
  readonly root: string;
  readonly code: Pick<CodeIndex, 'facts' | 'project' | 'handlers' | 'changedMs'>;
  /** Places where runners leave reports, posix and relative. */
  readonly reports: () => readonly string[];
  readonly now: () => number;
}

export function createTests({ root, code, reports, now }: TestsOptions): Tests {
  const index = createTestIndex({ changedAfter: (file, ms) => (code.changedMs(file) ?? 0) > ms });
  const seen = new Map<string, number | null>();
  let known = false;

  const port: RunPort = {
    run: runProcess,
    read: readIfThere,
    absolute: (relative) => path.join(root, relative),
    platform: process.platform,
  };

  const resolve: ResolveImport = (from, source) =>
    resolveImport(code.project(), (file) => code.facts().has(file), from, source);

  const filesFor = (target: RunTarget): ReturnType<TestIndex['files']> => {
    if ('handlerId' in target) return index.affectedFiles(target.handlerId);
    const all = index.files();
    return 'file' in target ? all.filter((file) => file.path === target.file) : all;
  };

  return {
    update() {
      index.update(code.facts(), code.handlers(), code.project(), resolve);
      known = true;
    },
    async readReports() {
      let changed = false;
      for (const place of reports()) {
        const modified = await modifiedMs(root, place);
        if ((seen.get(place) ?? null) === modified) continue;
        seen.set(place, modified);
        const report = await readReport(root, place);
        index.setReport(report?.text ?? null, place, report?.modifiedMs ?? 0);
        changed = true;
      }
      return changed;
    },
    forHandler: (handlerId) => (known ? index.forHandler(handlerId) : undefined),
    fromSource: () =>
      new Map(
        code.handlers().handlers.map(({ id }) => {
          const { level, tests } = index.forHandler(id);
          const bare = tests.map((entry) => ({ test: entry.test, level: entry.level }));
          return [id, { level, passed: 0, failed: 0, notRun: bare.length, tests: bare }];
        }),
      ),
    cases: index.cases,
    files: index.files,
    covers: index.covers,
    importing(files) {
      const importsOf = createImportGraph(code.facts(), resolve);
      return index.files().flatMap(({ path: file }) => {
        const imported = importsOf(file);
        return files.some((candidate) => imported.has(candidate)) ? [file] : [];
      });
    },
    async run(target, { signal, onProgress }) {
      const notes: string[] = [];
      const counts = { passed: 0, failed: 0 };
      let ran = false;
      const plans = planRuns(filesFor(target), (file) => existsUnder(root, file));
      for (const plan of plans) {
        if ('reason' in plan) {
          notes.push(plan.reason);
          continue;
        }
        const outcome = await withTemporaryFolder((folder) =>
          runTests(plan, port, {
            reportFile: path.join(folder, 'report.json'),
            ...(signal && { signal }),
            onProgress: (done, total, file) => onProgress?.({ done, total, file }),
          }),
        );
        if (outcome.k === 'cancelled') return { outcome: 'cancelled', ...counts, notes };
        if (outcome.k === 'inconclusive') {
          notes.push(`${outcome.reason}\n${outcome.outputTail}`.trim());
          continue;
        }
        ran = true;
        index.setReport(
          outcome.reportText,
          `run of ${plan.runner.id} in ${plan.cwd}: ${plan.files.join()}`,
          now(),
        );
        counts.passed += outcome.report.tests.filter(({ state }) => state === 'passed').length;
        counts.failed +=
          outcome.report.tests.filter(({ state }) => state === 'failed').length +
          outcome.report.brokenFiles.length;
      }
      const outcome = plans.length === 0 ? 'nothing-to-run' : ran ? 'ran' : 'inconclusive';
      return { outcome, ...counts, notes };
    },
  };
}
