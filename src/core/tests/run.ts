import type { TestFile } from './files.ts';
import type { TestReport, TestRunner } from './runner.ts';

/** One start of a runner for some test files of one folder. */
export interface RunPlan {
  readonly runner: TestRunner;
  /** Posix, relative to the workspace; empty for its root. */
  readonly cwd: string;
  /** Posix, relative to the workspace. */
  readonly files: readonly string[];
  /** Posix path of the local executable, relative to the workspace. */
  readonly command: string;
  /** Posix path of the script behind it, which Windows runs with `node` because its `.cmd` would need a shell. */
  readonly script: string;
}

/** A plan, or why there is none: a run that cannot start says nothing about the tests. */
export type PlannedRun = RunPlan | { readonly files: readonly string[]; readonly reason: string };

/** How a run ended; only `done` says anything about the tests. */
export type RunOutcome =
  | { readonly k: 'done'; readonly reportText: string; readonly report: TestReport }
  | { readonly k: 'cancelled' }
  /** No executable, a crash, no report. */
  | { readonly k: 'inconclusive'; readonly reason: string; readonly outputTail: string };

/** What a host gives for running: processes, and the file that a runner writes its report to. */
export interface RunPort {
  readonly run: (start: {
    readonly command: string;
    readonly args: readonly string[];
    readonly cwd: string;
    readonly env?: Readonly<Record<string, string | undefined>>;
    readonly signal?: AbortSignal;
    readonly onLine?: (line: string) => void;
  }) => Promise<{
    readonly code: number | null;
    readonly signal: string | null;
    readonly failure?: string;
    readonly cancelled: boolean;
    readonly outputTail: string;
  }>;
  /** Text of a file by absolute path; null when it is not there. */
  readonly read: (path: string) => Promise<string | null>;
  /** Absolute path of a posix path relative to the workspace. */
  readonly absolute: (path: string) => string;
  readonly platform: NodeJS.Platform;
}

export interface RunOptions {
  /** Absolute path that does not exist yet, in a temporary folder of the host. */
  readonly reportFile: string;
  readonly signal?: AbortSignal;
  /** Files of the plan of which the runner has spoken so far. */
  readonly onProgress?: (done: number, total: number, file: string) => void;
}

const join = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('/');

/** Groups test files by the folder and runner that run them; `exists` knows files of the workspace, `node_modules` too. */
export function planRuns(
  files: readonly TestFile[],
  exists: (path: string) => boolean,
): readonly PlannedRun[] {
  const groups = new Map<string, TestFile[]>();
  for (const file of files) {
    const key = `${file.root.runner.id}\n${file.root.dir}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [file]);
    else group.push(file);
  }
  return [...groups.values()].flatMap((group): readonly PlannedRun[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { runner, dir } = first.root;
    const paths = [...new Set(group.map(({ path }) => path))].sort();
    for (const folder of foldersUp(dir)) {
      const command = join(folder, 'node_modules/.bin', runner.binary);
      const script = join(folder, 'node_modules', runner.script);
      if (exists(command) && exists(script)) return [{ runner, cwd: dir, files: paths, command, script }];
    }
    const where = dir === '' ? 'the workspace' : dir;
    const reason = `${runner.title} is not installed in ${where}: install its dependencies first. Nothing is downloaded.`;
    return [{ files: paths, reason }];
  });
}

/** A folder and those above it, up to the workspace. */
function foldersUp(dir: string): readonly string[] {
  const parts = dir === '' ? [] : dir.split('/');
  return [...parts.keys()].map((i) => parts.slice(0, parts.length - i).join('/')).concat('');
}

/** Runs a plan; resolves however it ends. */
export async function runTests(plan: RunPlan, port: RunPort, options: RunOptions): Promise<RunOutcome> {
  const { runner, cwd, files } = plan;
  const local = files.map((file) => (cwd === '' ? file : file.slice(cwd.length + 1)));
  const waiting = new Set(local);
  const onLine = (line: string): void => {
    for (const file of waiting) {
      if (!line.includes(file)) continue;
      waiting.delete(file);
      options.onProgress?.(local.length - waiting.size, local.length, file);
    }
  };
  const windows = port.platform === 'win32';
  const end = await port.run({
    command: windows ? 'node' : port.absolute(plan.command),
    args: [...(windows ? [port.absolute(plan.script)] : []), ...runner.args(local, options.reportFile)],
    cwd: port.absolute(cwd),
    env: { CI: '1', NO_COLOR: '1', FORCE_COLOR: undefined },
    ...(options.signal && { signal: options.signal }),
    onLine,
  });
  if (end.cancelled) return { k: 'cancelled' };
  const failed = (reason: string): RunOutcome => ({ k: 'inconclusive', reason, outputTail: end.outputTail });
  if (end.failure !== undefined) return failed(`${runner.title} could not be started: ${end.failure}`);
  const text = await port.read(options.reportFile);
  const how = end.signal === null ? `ended with code ${end.code ?? 'unknown'}` : `was ended by ${end.signal}`;
  if (text === null) return failed(`${runner.title} ${how} and wrote no report.`);
  const report = runner.parseReport(text);
  if (report === null) return failed(`${runner.title} ${how}; its report could not be read.`);
  const failures = report.tests.some(({ state }) => state === 'failed') || report.brokenFiles.length > 0;
  // An error outside of any test leaves a report in which everything passed.
  if (end.code !== 0 && !failures)
    return failed(`${runner.title} ${how} although its report holds no failure.`);
  if (report.tests.length === 0 && report.brokenFiles.length === 0)
    return failed(`${runner.title} found no test to run.`);
  return { k: 'done', reportText: text, report };
}
