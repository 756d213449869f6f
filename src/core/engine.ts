import { createHash } from 'node:crypto';
import path from 'node:path';
import { createParser, type Parser } from './code/parser.ts';
import { configFile, parseConfig, type Config } from './config.ts';
import { createCodeIndex } from './engine/code-index.ts';
import { examine } from './engine/doctor.ts';
import { createDocuments, type Documents } from './engine/documents.ts';
import { createProblemBook } from './engine/problem-book.ts';
import { createReadModels } from './engine/read-models.ts';
import { createTests, type Tests } from './engine/tests.ts';
import { createTelemetry, type Telemetry } from './engine/telemetry.ts';
import { createCorrelator } from './handlers/correlate.ts';
import { servicesWithoutPackage } from './handlers/services.ts';
import { readSource } from './ingest/sources/workspace-files.ts';
import type { Handler, HandlerIndex } from './model/handler.ts';
import type { FileModel, OperationRow } from './model/read-model.ts';
import type { DoctorReport, EngineStatus } from './model/status.ts';
import type { Ports } from './ports.ts';

export interface EngineOptions {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  /** Absolute telemetry folders or files; absent: those of `suture.json`, else `.telemetry` and `.logs`. */
  readonly telemetry?: readonly string[];
  /** True: follow telemetry as it grows. */
  readonly watch: boolean;
  /** File that keeps figures; absent: one in the storage folder of the ports, or none. */
  readonly storeFile?: string;
  readonly ports: Ports;
  /** Where source text is parsed; absent: in this thread. Closed with the engine. */
  readonly parser?: Parser;
  /** Called after a change with the files whose models differ from before (a file without handlers any more comes with none). */
  readonly onFiles?: (models: readonly FileModel[]) => void;
  readonly onStatus?: (status: EngineStatus) => void;
}

/** The pipeline over one workspace folder; every answer comes from memory. */
export interface Engine {
  /** Indexes the sources and reads the telemetry that is there; resolves when both are in. */
  readonly start: () => Promise<void>;
  /** Text of an editor that is not saved; null: the file on disk counts again. */
  readonly setText: (path: string, text: string | null) => Promise<void>;
  /** Source files created, changed or deleted on disk (posix, relative). */
  readonly filesChanged: (paths: readonly string[]) => Promise<void>;
  readonly fileModels: () => readonly FileModel[];
  readonly index: () => HandlerIndex;
  /** One row per operation and live release, most calls first; middleware apart. */
  readonly operations: () => {
    readonly operations: readonly OperationRow[];
    readonly middleware: readonly OperationRow[];
  };
  readonly status: () => EngineStatus;
  readonly doctor: () => DoctorReport;
  readonly documents: Documents;
  /** Runs tests of the workspace and shows their results; only on a person's wish, in a trusted workspace. */
  readonly runTests: Tests['run'];
  readonly close: () => Promise<void>;
}

/** Least time between two pushes while telemetry flows in, milliseconds. */
const pushEveryMs = 100;
/** Reports of test runners change rarely: looking at a few names is cheaper than watching their folders. */
const reportsEveryMs = 1000;

export function createEngine(options: EngineOptions): Engine {
  const { root, ports } = options;
  const parser = options.parser ?? createParser();
  const problems = createProblemBook();
  const code = createCodeIndex({ root, parser, now: ports.now, onProblems: problems.set });
  const tests = createTests({ root, code, reports: () => config.testReports, now: ports.now });
  /** Syntax of a function when its newest call came in, so that figures from before an edit can be told. */
  const measuredSyntax = new Map<string, { readonly hash: string; readonly toMs: number }>();
  let telemetry: Telemetry | undefined;
  let config: Config = parseConfig(null).config;
  const defaultTelemetry = config.telemetry;
  let phase: EngineStatus['phase'] = 'starting';
  let pushTimer: NodeJS.Timeout | undefined;
  let reportTimer: NodeJS.Timeout | undefined;
  let closed = false;

  const models = createReadModels({
    operations: () => telemetry?.windows().operations() ?? [],
    metrics: (operationId) => telemetry?.windows().metrics(operationId) ?? [],
    tests: tests.forHandler,
    editedSince,
    hasTelemetry,
    isBroken: (file) => (code.facts().get(file)?.syntaxErrors ?? 0) > 0,
  });

  function hasTelemetry(): boolean {
    return (telemetry?.windows().newestMs() ?? null) !== null;
  }

  function editedSince(handler: Handler, newestMs: number): boolean {
    const known = measuredSyntax.get(handler.id);
    if (known !== undefined && newestMs <= known.toMs) return known.hash !== handler.syntaxHash;
    measuredSyntax.set(handler.id, { hash: handler.syntaxHash, toMs: newestMs });
    return false;
  }

  const documents = createDocuments({
    root,
    docsFolder: () => config.docs,
    input: () => ({
      workspaceName: code.project().packages.find(({ dir }) => dir === '')?.name ?? 'this workspace',
      ...code.handlers(),
      tests: tests.fromSource(),
      docs: code.describe(),
    }),
    measured: () => (hasTelemetry() ? models.handlers() : null),
  });

  const relink = (): void => {
    tests.update();
    problems.set(
      'services',
      servicesWithoutPackage(code.project(), config.services).map(({ service, given }) => ({
        file: configFile,
        code: 'unknown-package',
        message: `services: there is no package or folder "${given}" for the service "${service}".`,
        count: 1,
      })),
    );
    models.setIndex(code.handlers(), createCorrelator(code.handlers(), code.project(), config));
  };

  const push = (): void => {
    clearTimeout(pushTimer);
    pushTimer = undefined;
    if (closed) return;
    telemetry?.refresh();
    models.linkOperations(telemetry?.windows().takeChanged() ?? []);
    const changed = models.takeChanges();
    if (changed.length > 0) options.onFiles?.(changed);
    options.onStatus?.(status());
  };

  const pushSoon = (): void => {
    if (options.onFiles || options.onStatus) pushTimer ??= setTimeout(push, pushEveryMs);
  };

  const enter = (next: EngineStatus['phase']): void => {
    phase = next;
    push();
  };

  const codeChanged = (changed: boolean): void => {
    if (!changed) return;
    relink();
    push();
  };

  /** Other telemetry paths mean other figures, hence another file. */
  const storeOption = (paths: readonly string[]): { storeFile?: string } => {
    if (options.storeFile !== undefined) return { storeFile: options.storeFile };
    if (ports.storageFolder === undefined) return {};
    const name = createHash('sha256').update(paths.toSorted().join('\n')).digest('hex').slice(0, 12);
    return { storeFile: path.join(ports.storageFolder, `figures-${name}.sqlite`) };
  };

  const lookForReports = (): void => {
    void tests.readReports().then((changed) => {
      if (changed) push();
    });
  };

  const openTelemetry = async (): Promise<void> => {
    const paths = options.telemetry ?? config.telemetry.map((given) => path.resolve(root, given));
    telemetry = createTelemetry({
      root,
      paths,
      watch: options.watch,
      now: ports.now,
      onProblems: (found) => {
        // The default folders need not both exist; the doctor says when none does.
        const given = options.telemetry !== undefined || config.telemetry !== defaultTelemetry;
        problems.add(given ? found : found.filter((problem) => problem.code !== 'path-absent'));
      },
      onChange: pushSoon,
      ...storeOption(paths),
    });
    await telemetry.start();
  };

  function status(): EngineStatus {
    problems.set('telemetry', telemetry?.problems() ?? []);
    const rows = models.rows().operations;
    const handlers = code.handlers();
    return {
      phase,
      handlers: handlers.handlers.length,
      handlersMeasured: models.measuredHandlers(),
      unresolved: handlers.unresolved.length,
      operations: rows.length,
      operationsMapped: rows.filter((row) => row.correlation.handlerId !== null).length,
      calls: rows.reduce((sum, row) => sum + row.metrics.calls, 0),
      spans: telemetry?.spanCount() ?? 0,
      testCases: tests.cases().length,
      newestMs: telemetry?.windows().newestMs() ?? null,
      telemetry: telemetry?.paths() ?? [],
      problemCount: problems.count(),
      readOnlyStore: telemetry?.readOnly() ?? false,
    };
  }

  const loadConfig = async (): Promise<void> => {
    const parsed = parseConfig(await readSource(root, configFile));
    config = parsed.config;
    problems.set('config', parsed.problems);
  };

  return {
    async start() {
      await loadConfig();
      enter('indexing');
      await code.scan();
      relink();
      await tests.readReports();
      if (options.watch) reportTimer = setInterval(lookForReports, reportsEveryMs);
      enter('reading');
      await openTelemetry();
      enter('ready');
    },
    setText: async (file, text) => codeChanged(await code.setText(file, text)),
    async filesChanged(paths) {
      if (paths.includes(configFile)) {
        const before = JSON.stringify(config);
        await loadConfig();
        if (JSON.stringify(config) !== before) {
          await telemetry?.close();
          await openTelemetry();
          relink();
          push();
        }
      }
      codeChanged(await code.filesChanged(paths.filter((file) => file !== configFile)));
    },
    fileModels: models.files,
    index: code.handlers,
    operations: models.rows,
    status,
    doctor: () =>
      examine({
        status: status(),
        files: telemetry?.files() ?? [],
        index: code.handlers(),
        sourceFiles: code.facts().size,
        packages: code.project().packages.length,
        rows: models.rows().operations,
        problems: problems.list(),
      }),
    documents,
    async runTests(target, runOptions) {
      const summary = await tests.run(target, runOptions);
      push();
      return summary;
    },
    async close() {
      if (closed) return;
      closed = true;
      clearTimeout(pushTimer);
      clearInterval(reportTimer);
      await telemetry?.close();
      await code.close();
    },
  };
}
