import * as vscode from 'vscode';
import type { Anomaly } from '../core/model/anomaly.ts';
import type { Explanation } from '../core/model/healing.ts';
import { HumanError } from '../core/model/human-error.ts';
import type { AnomalyReference } from './anomaly-reference.ts';
import { isOpen } from './render/anomaly-text.ts';
import type { Session } from './session.ts';
import { fileOf, localFolders } from './workspace-paths.ts';

/** Anomalies and what is known of their causes, from memory. */
export interface Anomalies extends vscode.Disposable {
  readonly of: (root: string) => readonly Anomaly[];
  readonly find: (reference: AnomalyReference) => Anomaly | undefined;
  readonly explanation: (reference: AnomalyReference) => Explanation | undefined;
  /** Asks for the causes; runs git of the workspace, hence only where it is trusted. */
  readonly explain: (reference: AnomalyReference) => Promise<Explanation>;
  /** Fires after anomalies or causes changed. */
  readonly onChanged: vscode.Event<void>;
}

/** Open anomalies of a handler, gravest first. */
export function openAnomalies({ client }: Session, root: string, handlerId: string): readonly Anomaly[] {
  const all = client.detection(root)?.anomalies ?? [];
  return all.filter((anomaly) => anomaly.handlerId === handlerId && isOpen(anomaly));
}

interface Known {
  readonly explanation: Explanation;
  /** What it was asked for: another message has other evidence. */
  readonly message: string;
}

/** Causes are looked for again this long after a file was saved (ms). */
const pauseMs = 1000;

/** Follows detection, and looks for the causes of what is open one after the other. */
export function trackAnomalies(session: Session): Anomalies {
  const { client, log } = session;
  const { t } = vscode.l10n;
  const known = new Map<string, Known>();
  const changed = new vscode.EventEmitter<void>();
  let timer: NodeJS.Timeout | undefined;
  let looking = false;
  let disposed = false;

  const keyOf = ({ root, fingerprint }: AnomalyReference): string => `${root}|${fingerprint}`;
  const of = (root: string): readonly Anomaly[] => client.detection(root)?.anomalies ?? [];
  const find = ({ root, fingerprint }: AnomalyReference): Anomaly | undefined =>
    of(root).find((anomaly) => anomaly.fingerprint === fingerprint);

  const explain = async (reference: AnomalyReference): Promise<Explanation> => {
    if (!vscode.workspace.isTrusted)
      throw new HumanError(
        t('Causes are looked for when you trust this workspace: git is asked for its history.'),
      );
    const { root, fingerprint } = reference;
    const explanation = await client.request('explain', root, { fingerprint });
    known.set(keyOf(reference), { explanation, message: explanation.anomaly.message });
    changed.fire();
    return explanation;
  };

  const nextUnexplained = (): AnomalyReference | undefined => {
    for (const root of client.folders()) {
      if (session.freshness(root) !== 'live') continue;
      for (const anomaly of of(root)) {
        const reference = { root, fingerprint: anomaly.fingerprint };
        if (isOpen(anomaly) && known.get(keyOf(reference))?.message !== anomaly.message) return reference;
      }
    }
    return undefined;
  };
  const lookForCauses = async (): Promise<void> => {
    if (looking || disposed || !vscode.workspace.isTrusted) return;
    looking = true;
    try {
      for (let next = nextUnexplained(); next !== undefined && !disposed; next = nextUnexplained())
        await explain(next);
    } catch (error) {
      // The engine is restarting or the anomaly is gone; the next detection asks again.
      log.debug(`causes: ${String(error)}`);
    } finally {
      looking = false;
    }
  };
  const lookSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void lookForCauses(), pauseMs);
  };

  /** Causes are places in the code: those of a saved file may have moved. */
  const saved = (document: vscode.TextDocument): void => {
    const file = fileOf(document.uri);
    if (file === undefined) return;
    for (const [key, { explanation }] of known) {
      const { anomaly, diagnosis } = explanation;
      const touched =
        anomaly.handlerId?.startsWith(`${file.path}#`) === true ||
        diagnosis.causes.some(({ site }) => site?.file === file.path);
      if (key.startsWith(`${file.folder}|`) && touched) known.set(key, { explanation, message: '' });
    }
    lookSoon();
  };

  const look = (uri: vscode.Uri): void => {
    const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath;
    if (folder === undefined) return;
    client.request('detect', folder, null).catch((error: unknown) => {
      log.debug(`detect: ${String(error)}`);
    });
  };
  let watchers: readonly vscode.Disposable[] = [];
  const watch = (): void => {
    for (const watcher of watchers) watcher.dispose();
    watchers = localFolders().flatMap((folder) => {
      const pattern = new vscode.RelativePattern(folder, '.suture/suppressions.json');
      const watcher = vscode.workspace.createFileSystemWatcher(pattern);
      return [watcher, watcher.onDidCreate(look), watcher.onDidChange(look), watcher.onDidDelete(look)];
    });
  };
  watch();

  const subscriptions = [
    changed,
    session.onDetection(() => {
      changed.fire();
      void lookForCauses();
    }),
    vscode.workspace.onDidSaveTextDocument(saved),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void lookForCauses()),
    vscode.workspace.onDidChangeWorkspaceFolders(watch),
  ];
  return {
    of,
    find,
    explanation: (reference) => known.get(keyOf(reference))?.explanation,
    explain,
    onChanged: changed.event,
    dispose: () => {
      disposed = true;
      clearTimeout(timer);
      for (const one of [...subscriptions, ...watchers]) one.dispose();
    },
  };
}
