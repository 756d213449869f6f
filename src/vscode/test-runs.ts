import * as vscode from 'vscode';
import type { RunSummary, RunTarget } from '../core/engine/tests.ts';
import { HumanError } from '../core/model/human-error.ts';
import { findHandler, type HandlerReference } from './handler-reference.ts';
import { routeLabel } from './render/lens-text.ts';
import { addRuns, reasonText, runText } from './render/run-text.ts';
import type { Session } from './session.ts';
import type { WorkspaceFile } from './workspace-paths.ts';

const { t } = vscode.l10n;

/** Messages in the status bar stay this long (ms). */
const messageMs = 8000;
const nothing: RunSummary = { outcome: 'nothing-to-run', passed: 0, failed: 0, notes: [] };

/** Runs tests of the workspace on a person's wish; each resolves when its run has ended. */
export interface TestRuns {
  readonly ofHandler: (reference: HandlerReference) => Promise<RunSummary | undefined>;
  readonly ofFile: (file: WorkspaceFile) => Promise<RunSummary | undefined>;
  readonly all: (root: string) => Promise<RunSummary | undefined>;
}

/** Running tests is running code: asks for trust first, where it is missing. */
async function isAllowed(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = t('Manage Workspace Trust');
  const answer = await vscode.window.showWarningMessage(
    t('Tests are code of this workspace: Suture runs them only when you trust it.'),
    manage,
  );
  if (answer === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return false;
}

/** Runs at most one set of tests a folder at a time. */
export function createTestRuns({ client, log }: Session): TestRuns {
  const running = new Set<string>();

  const tell = (summary: RunSummary): void => {
    for (const note of summary.notes) log.warn(note);
    if (summary.notes.length > 0 && summary.outcome !== 'cancelled') {
      const show = t('Show log');
      void vscode.window
        .showWarningMessage(`${runText(summary, t)}. ${reasonText(summary)}`, show)
        .then((answer) => {
          if (answer === show) log.show();
        });
      return;
    }
    const icon = summary.failed > 0 ? 'error' : summary.outcome === 'ran' ? 'pass' : 'circle-slash';
    vscode.window.setStatusBarMessage(`$(${icon}) Suture: ${runText(summary, t)}`, messageMs);
  };

  const runAll = async (
    root: string,
    targets: readonly RunTarget[],
    progress: vscode.Progress<{ readonly message: string; readonly increment: number }>,
    signal: AbortSignal,
  ): Promise<RunSummary> => {
    let sum = nothing;
    for (const target of targets) {
      let before = 0;
      const summary = await client
        .request('runTests', root, target, {
          signal,
          onProgress: ({ done, total, file }) => {
            const share = (100 * done) / Math.max(1, total) / targets.length;
            progress.report({
              message: t('{0} of {1} files, {2}', done, total, file),
              increment: Math.max(0, share - before),
            });
            before = share;
          },
        })
        .catch((error: unknown): RunSummary => {
          if (signal.aborted) return { ...nothing, outcome: 'cancelled' };
          throw error;
        });
      sum = addRuns(sum, summary);
      if (summary.outcome === 'cancelled') break;
    }
    return sum;
  };

  const start = async (
    root: string,
    title: string,
    targets: readonly RunTarget[],
  ): Promise<RunSummary | undefined> => {
    if (!(await isAllowed())) return undefined;
    if (running.has(root)) throw new HumanError(t('Tests of this folder are running already.'));
    running.add(root);
    try {
      const summary = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, cancellable: true, title },
        (progress, token) => {
          const abort = new AbortController();
          token.onCancellationRequested(() => {
            abort.abort();
          });
          return runAll(root, targets, progress, abort.signal);
        },
      );
      tell(summary);
      return summary;
    } finally {
      running.delete(root);
    }
  };

  return {
    ofHandler: (reference) => {
      const model = findHandler(client, reference);
      const what = model === undefined ? reference.id : routeLabel(model);
      return start(reference.root, t('Tests of {0}', what), [{ handlerId: reference.id }]);
    },
    ofFile: ({ folder, path }) => {
      // Of a file with handlers the tests are meant that call them.
      const tested = (client.model(folder, path)?.handlers ?? []).flatMap(
        (model) => model.tests?.tests.map(({ test }) => test.file) ?? [],
      );
      const files = tested.length > 0 ? [...new Set(tested)].sort() : [path];
      return start(
        folder,
        t('Tests of {0}', path),
        files.map((file) => ({ file })),
      );
    },
    all: (root) => start(root, t('All tests'), [{ all: true }]),
  };
}
