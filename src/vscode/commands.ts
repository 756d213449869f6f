import { basename } from 'node:path';
import * as vscode from 'vscode';
import { HumanError } from '../core/model/human-error.ts';
import type { Anomalies } from './anomalies.ts';
import { anomalyCommands } from './anomaly-commands.ts';
import type { AnomalyTree } from './anomaly-tree.ts';
import { commandTable, type CommandName } from './command-table.ts';
import type { createFixFlow } from './fix-flow.ts';
import { parseReference, parseRoot, type HandlerReference } from './handler-reference.ts';
import type { OpenDocuments } from './open-documents.ts';
import type { DocsCommand } from './regenerate-docs.ts';
import type { ReceivingControl } from './receiving.ts';
import { detailsUri, doctorUri, openReport } from './reports.ts';
import type { Session } from './session.ts';
import { showStatus } from './status.ts';
import type { TestRuns } from './test-runs.ts';
import { sourceOf, type WorkspaceFile } from './workspace-paths.ts';

const { t } = vscode.l10n;

/** The folder a command is about: the one named, the only one, that of the editor, or the one picked. */
async function chooseFolder(session: Session, argument: unknown): Promise<string | undefined> {
  const folders = session.client.folders();
  const named = parseRoot(argument);
  if (named !== undefined && folders.includes(named)) return named;
  if (folders.length === 0)
    throw new HumanError(t('Open a folder first: Suture reads the code and telemetry of a folder.'));
  if (folders.length === 1) return folders[0];
  const active = vscode.window.activeTextEditor?.document.uri;
  const own = active === undefined ? undefined : sourceOf(active)?.folder;
  if (own !== undefined) return own;
  const picked = await vscode.window.showQuickPick(
    folders.map((folder) => ({ label: basename(folder), description: folder, folder })),
    { placeHolder: t('Which folder?') },
  );
  return picked?.folder;
}

/** The handler a command is about: the one named, that of a tree row, or the nearest at or above the cursor. */
function chooseHandler(documents: OpenDocuments, argument: unknown): HandlerReference {
  const named = parseReference(argument);
  if (named !== undefined) return named;
  const editor = vscode.window.activeTextEditor;
  const source = editor === undefined ? undefined : sourceOf(editor.document.uri);
  if (editor === undefined || source === undefined)
    throw new HumanError(t('Put the cursor into a handler first.'));
  const line = editor.selection.active.line;
  const above = documents
    .anchors(editor.document)
    .filter((anchor) => anchor.place.line <= line)
    .sort((left, right) => right.place.line - left.place.line)[0];
  if (above === undefined) throw new HumanError(t('There is no handler at the cursor.'));
  return { root: source.folder, id: above.model.handler.id };
}

/** The file a command is about: the one named, else that of the editor. */
function chooseFile(argument: unknown): WorkspaceFile {
  const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  const source = uri === undefined ? undefined : sourceOf(uri);
  if (source === undefined) throw new HumanError(t('Open a source file or a test of the workspace first.'));
  return source;
}

async function openTelemetryFolder(session: Session, argument: unknown): Promise<void> {
  const root = await chooseFolder(session, argument);
  if (root === undefined) return;
  const state = session.client.state(root);
  const paths = 'status' in state ? (state.status?.telemetry ?? []) : [];
  const found = paths.find((path) => path.state === 'folder' || path.state === 'file');
  if (found !== undefined) {
    const uri = /^([A-Za-z]:)?[\\/]/.test(found.path)
      ? vscode.Uri.file(found.path)
      : vscode.Uri.joinPath(vscode.Uri.file(root), found.path);
    const inside = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
    await vscode.commands.executeCommand(inside ? 'revealInExplorer' : 'revealFileInOS', uri);
    return;
  }
  const create = t('Create .telemetry');
  const answer = await vscode.window.showInformationMessage(
    t(
      '{0} has no telemetry folder yet. Suture reads traces as OTLP/JSON files from .telemetry and .logs, or from the folders named in suture.json.',
      basename(root),
    ),
    create,
  );
  if (answer !== create) return;
  const uri = vscode.Uri.joinPath(vscode.Uri.file(root), '.telemetry');
  await vscode.workspace.fs.createDirectory(uri);
  await vscode.commands.executeCommand('revealInExplorer', uri);
}

/** The surfaces whose work commands start. */
export interface CommandTargets {
  readonly documents: OpenDocuments;
  readonly docs: DocsCommand;
  readonly tests: TestRuns;
  readonly receiving: ReceivingControl;
  readonly anomalies: Anomalies;
  readonly anomalyTree: AnomalyTree;
  readonly fix: ReturnType<typeof createFixFlow>;
}

/** Registers every command of the table; what a command throws is shown where it is meant for people, else logged. */
export function registerCommands(
  session: Session,
  { documents, docs, tests, receiving, anomalies, anomalyTree, fix }: CommandTargets,
): vscode.Disposable {
  const { log } = session;
  const handlers: Record<CommandName, (argument: unknown) => unknown> = {
    showStatus: () => showStatus(session),
    doctor: async (argument) => {
      const root = await chooseFolder(session, argument);
      if (root !== undefined) await openReport(doctorUri(root));
    },
    regenerateDocs: async (argument) => {
      const root = await chooseFolder(session, argument);
      if (root !== undefined) await docs.regenerate(root);
    },
    runTests: (argument) => tests.ofHandler(chooseHandler(documents, argument)),
    runTestsInFile: (argument) => tests.ofFile(chooseFile(argument)),
    runAllTests: async (argument) => {
      const root = await chooseFolder(session, argument);
      return root === undefined ? undefined : tests.all(root);
    },
    openTelemetryFolder: (argument) => openTelemetryFolder(session, argument),
    startReceiving: async (argument) => {
      const root = await chooseFolder(session, argument);
      return root === undefined ? undefined : receiving.start(root);
    },
    stopReceiving: async (argument) => {
      const root = await chooseFolder(session, argument);
      return root === undefined ? undefined : receiving.stop(root);
    },
    showLog: () => {
      log.show();
    },
    copyHandlerId: async (argument) => {
      const { id } = chooseHandler(documents, argument);
      await vscode.env.clipboard.writeText(id);
      vscode.window.setStatusBarMessage(t('Copied {0}', id), 3000);
      return id;
    },
    showHandlerDetails: (argument) => openReport(detailsUri(chooseHandler(documents, argument))),
    ...anomalyCommands(session, anomalies, anomalyTree, fix, (argument) => chooseFolder(session, argument)),
    restartEngine: () => {
      session.client.restart();
    },
  };
  const run = async (name: CommandName, argument: unknown): Promise<unknown> => {
    try {
      return await handlers[name](argument);
    } catch (error) {
      if (error instanceof HumanError) {
        void vscode.window.showWarningMessage(error.message);
        return undefined;
      }
      log.error(error instanceof Error ? error : String(error));
      void vscode.window.showErrorMessage(
        t('Suture: "{0}" failed; the log says more.', commandTable[name].title),
      );
      return undefined;
    }
  };
  return vscode.Disposable.from(
    ...(Object.keys(commandTable) as CommandName[]).map((name) =>
      vscode.commands.registerCommand(`suture.${name}`, (argument: unknown) => run(name, argument)),
    ),
  );
}
