import * as vscode from 'vscode';
import { trackAnomalies } from './anomalies.ts';
import { registerAnomalyTree } from './anomaly-tree.ts';
import { registerCodeActions } from './code-actions.ts';
import { registerCodeLens } from './code-lens.ts';
import { registerCommands } from './commands.ts';
import { registerDiagnostics } from './diagnostics.ts';
import type { EngineClient } from './engine-client.ts';
import { createFixFlow } from './fix-flow.ts';
import { registerFixPreview } from './fix-preview.ts';
import { registerHover } from './hover.ts';
import { trackDocuments } from './open-documents.ts';
import { registerDocs } from './regenerate-docs.ts';
import { createReceiving } from './receiving.ts';
import { registerReports } from './reports.ts';
import { openSession } from './session.ts';
import { syncSources } from './source-sync.ts';
import { registerStatus } from './status.ts';
import { createTestRuns } from './test-runs.ts';
import { registerTree } from './tree.ts';

let client: EngineClient | undefined;

/** Wires the surfaces; whatever is heavy happens later, in the engine's thread. */
export function activate(context: vscode.ExtensionContext): void {
  const began = performance.now();
  const log = vscode.window.createOutputChannel('Suture', { log: true });
  const session = openSession(context, log);
  ({ client } = session);
  const documents = trackDocuments(session);
  const docs = registerDocs(session);
  const anomalies = trackAnomalies(session);
  const anomalyTree = registerAnomalyTree(session, anomalies);
  const diagnostics = registerDiagnostics(session, anomalies);
  const preview = registerFixPreview();
  const fix = createFixFlow(session, preview);
  const tests = createTestRuns(session);
  const receiving = createReceiving(session);
  context.subscriptions.push(
    log,
    docs,
    documents,
    anomalies,
    anomalyTree,
    diagnostics,
    preview,
    receiving,
    syncSources(session.client),
    registerCodeLens(session, documents),
    registerHover(session, documents),
    registerStatus(session),
    registerTree(session),
    registerReports(session, anomalies),
    registerCodeActions(anomalies, diagnostics),
    registerCommands(session, { documents, docs, tests, receiving, anomalies, anomalyTree, fix }),
  );
  const activationMs = performance.now() - began;
  if (context.extensionMode === vscode.ExtensionMode.Test) {
    context.subscriptions.push(
      vscode.commands.registerCommand('suture.test.endEngineThread', session.client.endThread),
      vscode.commands.registerCommand('suture.test.activationMs', () => activationMs),
    );
  }
}

/** Lets the engines close their stores. */
export async function deactivate(): Promise<void> {
  await client?.dispose();
}
