import path from 'node:path';
import { createParser } from './code/parser.ts';
import { configFile, parseConfig, type Config } from './config.ts';
import { createCodeIndex } from './engine/code-index.ts';
import { examine } from './engine/doctor.ts';
import { composeHealing } from './engine/compose-healing.ts';
import { createDetectionPush } from './engine/detection-push.ts';
import { createDocuments } from './engine/documents.ts';
import type { Engine, EngineOptions } from './engine/face.ts';
import { createProblemBook } from './engine/problem-book.ts';
import { spoolOf, storeOption } from './engine/places.ts';
import { createReadModels } from './engine/read-models.ts';
import { createReceiving } from './engine/receiving.ts';
import { createTests } from './engine/tests.ts';
import { createTelemetry, type Telemetry } from './engine/telemetry.ts';
import { watchTimes } from './engine/watch-times.ts';
import { createCorrelator } from './handlers/correlate.ts';
import { servicesWithoutPackage } from './handlers/services.ts';
import { readSource } from './ingest/sources/workspace-files.ts';
import type { Handler } from './model/handler.ts';
import type { EngineStatus } from './model/status.ts';

export type { Engine, EngineOptions } from './engine/face.ts';

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
  /** A team mate's suppression comes by git, without any save in the editor. */
  const sutureFilesChanged = watchTimes(root, ['.suture/suppressions.json', '.suture/ledger.jsonl']);
  /** Syntax of a function when its newest call came in, so that figures from before an edit can be told. */
  const measuredSyntax = new Map<string, { readonly hash: string; readonly toMs: number }>();
  let telemetry: Telemetry | undefined;
  let baseline: Telemetry | undefined;
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

  const workspaceName = (): string =>
    code.project().packages.find(({ dir }) => dir === '')?.name ?? 'this workspace';
  const telemetryPaths = (): readonly string[] =>
    options.telemetry ?? config.telemetry.map((given) => path.resolve(root, given));

  const healing = composeHealing({
    root,
    code,
    tests,
    models,
    telemetry: () => telemetry,
    baseline: () => baseline,
    config: () => config,
    workspaceName,
    telemetryPaths,
    hasTelemetry,
    now: ports.now,
    onChange: (found) => detection.tell(found),
  });
  const detection = createDetectionPush({
    detect: healing.detect,
    log: ports.log,
    onDetection: options.onDetection,
  });

  const documents = createDocuments({
    root,
    docsFolder: () => config.docs,
    input: () => ({
      workspaceName: workspaceName(),
      ...code.handlers(),
      tests: tests.fromSource(),
      docs: code.describe(),
    }),
    measured: () => (hasTelemetry() ? models.handlers() : null),
  });

  const spool = spoolOf(options);
  const receiving = createReceiving({
    root,
    spool: spool?.folder,
    now: ports.now,
    onSpooled: (file) => telemetry?.spooled(file),
    onChange: () => pushSoon(),
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
    models.setIndex(
      code.handlers(),
      createCorrelator(code.handlers(), code.project(), config, code.sequences()),
    );
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
    if (phase === 'ready') detection.soon();
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
    healing.codeChanged();
    relink();
    push();
  };

  const lookForReports = (): void => {
    void tests.readReports().then((changed) => {
      if (changed) push();
    });
    void sutureFilesChanged().then((changed) => {
      if (changed) detection.soon();
    });
  };

  const openTelemetry = async (): Promise<void> => {
    const paths = telemetryPaths();
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
      ...storeOption(options, paths),
      ...(spool === undefined ? {} : { spool }),
    });
    await telemetry.start();
  };

  const openBaseline = async (paths: readonly string[]): Promise<void> => {
    const onProblems = problems.add;
    baseline = createTelemetry({
      root,
      paths,
      watch: false,
      now: ports.now,
      onProblems,
      onChange: () => undefined,
    });
    await baseline.start();
  };

  function status(): EngineStatus {
    problems.set('telemetry', telemetry?.problems() ?? []);
    const rows = models.rows().operations;
    const handlers = code.handlers();
    const receiver = receiving.status();
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
      ...(receiver ? { receiver } : {}),
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
      if (options.baseline !== undefined) await openBaseline(options.baseline);
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
        sequences: code.sequences(),
        sourceFiles: code.facts().size,
        packages: code.project().packages.length,
        rows: models.rows().operations,
        problems: problems.list(),
      }),
    documents,
    healing,
    receiving,
    async catchUp() {
      await telemetry?.catchUp();
      push();
    },
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
      detection.close();
      await receiving.stop();
      await baseline?.close();
      await telemetry?.close();
      await code.close();
    },
  };
}
