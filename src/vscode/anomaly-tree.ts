import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Anomalies } from './anomalies.ts';
import type { Detection } from '../core/model/healing.ts';
import type { AnomalyReference } from './anomaly-reference.ts';
import { anomalyTooltip } from './render/anomaly-markdown.ts';
import {
  anomalyGroups,
  clueRows,
  type AnomalyGroup,
  type AnomalyRow,
  type ClueRow,
} from './render/anomaly-rows.ts';
import { isOpen, severityText } from './render/anomaly-text.ts';
import { oneLine } from './render/escape.ts';
import type { Session } from './session.ts';
import { uriOf } from './workspace-paths.ts';

type Node =
  | { readonly type: 'folder'; readonly root: string }
  | { readonly type: 'group'; readonly root: string; readonly group: AnomalyGroup }
  /** The fields of a reference stand on the row itself, so that commands of its menu understand it. */
  | ({ readonly type: 'anomaly'; readonly row: AnomalyRow } & AnomalyReference)
  | { readonly type: 'clue'; readonly root: string; readonly clue: ClueRow };

/** The Anomalies view, and a way to show a row of it. */
export interface AnomalyTree extends vscode.Disposable {
  readonly reveal: (reference: AnomalyReference) => Promise<void>;
}

/** Changes in a row redraw the tree once (ms). */
const redrawMs = 100;

const shapes = {
  errors: 'bug',
  performance: 'dashboard',
  behaviour: 'git-compare',
  coverage: 'beaker',
  state: 'database',
  dependencies: 'package',
  documentation: 'book',
} as const;
const colours = { high: 'list.errorForeground', medium: 'list.warningForeground', low: undefined } as const;

function anomalyItem({ row, root, fingerprint }: Node & { type: 'anomaly' }): vscode.TreeItem {
  const { t } = vscode.l10n;
  const { anomaly, label, description } = row;
  const open = isOpen(anomaly);
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `${root}|${fingerprint}`;
  item.description = description;
  const colour = open ? colours[anomaly.severity] : undefined;
  const shape = anomaly.state === 'resolved' ? 'pass' : open ? shapes[anomaly.kind] : 'bell-slash';
  item.iconPath =
    colour === undefined
      ? new vscode.ThemeIcon(shape)
      : new vscode.ThemeIcon(shape, new vscode.ThemeColor(colour));
  item.contextValue = open ? 'anomaly open' : anomaly.state === 'resolved' ? 'anomaly' : 'anomaly suppressed';
  item.accessibilityInformation = {
    label: `${severityText(anomaly.severity, t)}, ${label}, ${oneLine(anomaly.message, 400)}`,
  };
  return item;
}

function clueItem({ root, clue }: Node & { type: 'clue' }): vscode.TreeItem {
  const { Collapsed, None } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(clue.label, clue.children.length > 0 ? Collapsed : None);
  item.description = clue.description;
  item.tooltip = clue.text
    .split('\n')
    .map((line) => oneLine(line, 1000))
    .join('\n');
  item.contextValue = clue.kind;
  const icon = {
    cause: 'lightbulb',
    evidence: clue.file === undefined ? 'graph' : 'go-to-file',
    note: 'info',
  };
  item.iconPath = new vscode.ThemeIcon(icon[clue.kind]);
  if (clue.file !== undefined) {
    const at = new vscode.Position(Math.max(0, (clue.line ?? 1) - 1), 0);
    item.command = {
      command: 'vscode.open',
      title: vscode.l10n.t('Open'),
      arguments: [uriOf(root, clue.file), { selection: new vscode.Range(at, at), preview: true }],
    };
  }
  return item;
}

/** Which releases were compared, and what could not be judged, for the head of the view. */
function messageOf(session: Session): string | undefined {
  const { t } = vscode.l10n;
  const folders = session.client.folders();
  const found = folders.flatMap((root) => {
    const detection = session.client.detection(root);
    return detection === undefined ? [] : [{ root, detection }];
  });
  if (found.length === 0) return undefined;
  const untrusted = vscode.workspace.isTrusted
    ? ''
    : t('Causes and fixes wait until you trust this workspace.');
  return [
    ...found.map(({ root, detection }) => {
      if (folders.length === 1) return detectionText(detection);
      return `${oneLine(basename(root), 60)}: ${[oneLine(detection.compared, 300), ...problemTexts(detection)].join(' ')}`;
    }),
    untrusted,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

const problemTexts = ({ problems }: Detection): readonly string[] =>
  problems.map(({ file, message }) => oneLine(`${file}: ${message}`, 300));

function detectionText(detection: Detection): string {
  const { t } = vscode.l10n;
  const [few, ...more] = detection.tooFew;
  const tooFew =
    few === undefined
      ? ''
      : t('Too few calls to judge {0} ({1} of {2})', oneLine(few.operation.name, 80), few.have, few.need) +
        (more.length > 0 ? ` ${t('and {0} more', more.length)}.` : '.');
  const none = detection.anomalies.some(isOpen) ? '' : t('No anomaly is open.');
  return [none, oneLine(detection.compared, 300), tooFew, ...problemTexts(detection)]
    .filter((part) => part !== '')
    .join(' ');
}

/** Anomalies by what they ask for, gravest first, with causes and evidence beneath. */
export function registerAnomalyTree(session: Session, anomalies: Anomalies): AnomalyTree {
  const { client } = session;
  const { t } = vscode.l10n;
  const redraw = new vscode.EventEmitter<void>();
  let timer: NodeJS.Timeout | undefined;

  const groupsOf = (root: string): Node[] =>
    anomalyGroups(anomalies.of(root), { t, freshness: session.freshness(root) }).map((group) => ({
      type: 'group',
      root,
      group,
    }));
  const rowsOf = ({ root, group }: Node & { type: 'group' }): Node[] =>
    group.rows.map((row) => ({ type: 'anomaly', root, fingerprint: row.anomaly.fingerprint, row }));
  const cluesOf = async (node: Node & { type: 'anomaly' }): Promise<Node[]> => {
    let missing = '';
    let explanation = anomalies.explanation(node);
    if (explanation === undefined) {
      try {
        explanation = await anomalies.explain(node);
      } catch (error) {
        missing = error instanceof Error ? error.message : String(error);
      }
    }
    return clueRows(node.row.anomaly, explanation, missing, t).map((clue) => ({
      type: 'clue',
      root: node.root,
      clue,
    }));
  };
  const roots = (): Node[] => {
    const folders = client.folders();
    const [only] = folders;
    if (folders.length === 1 && only !== undefined) return groupsOf(only);
    return folders.filter((root) => anomalies.of(root).length > 0).map((root) => ({ type: 'folder', root }));
  };

  const provider: vscode.TreeDataProvider<Node> = {
    onDidChangeTreeData: redraw.event,
    getChildren: (node) => {
      if (node === undefined) return roots();
      if (node.type === 'folder') return groupsOf(node.root);
      if (node.type === 'group') return rowsOf(node);
      if (node.type === 'anomaly') return cluesOf(node);
      return node.clue.children.map((clue) => ({ type: 'clue', root: node.root, clue }));
    },
    // Only what can be revealed needs a parent.
    getParent: (node) => {
      if (node.type === 'group' && client.folders().length > 1) return { type: 'folder', root: node.root };
      if (node.type !== 'anomaly') return undefined;
      return groupsOf(node.root).find(
        (one) => one.type === 'group' && one.group.rows.some(({ anomaly }) => anomaly === node.row.anomaly),
      );
    },
    getTreeItem: (node) => {
      if (node.type === 'anomaly') return anomalyItem(node);
      if (node.type === 'clue') return clueItem(node);
      const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
      if (node.type === 'folder') {
        const folder = new vscode.TreeItem(basename(node.root), Expanded);
        folder.id = node.root;
        return folder;
      }
      const { key, label, description } = node.group;
      const item = new vscode.TreeItem(label, key === 'open' ? Expanded : Collapsed);
      item.id = `${node.root}|${key}`;
      item.description = description;
      item.contextValue = 'group';
      return item;
    },
    resolveTreeItem: (item, node) => {
      if (node.type === 'anomaly')
        item.tooltip = new vscode.MarkdownString(
          anomalyTooltip(node.row.anomaly, anomalies.explanation(node), t),
        );
      return item;
    },
  };
  const view = vscode.window.createTreeView('suture.anomalies', {
    treeDataProvider: provider,
    showCollapseAll: true,
  });

  const update = (): void => {
    timer = undefined;
    const all = client.folders().flatMap((root) => [...anomalies.of(root)]);
    const open = all.filter(isOpen).length;
    view.badge =
      open === 0
        ? undefined
        : { value: open, tooltip: open === 1 ? t('1 open anomaly') : t('{0} open anomalies', open) };
    // An empty one shows nothing; deleting it would take the editor's setter away.
    view.message = oneLine(messageOf(session) ?? '', 800);
    const known = client.folders().some((root) => client.detection(root) !== undefined);
    const context = !known ? undefined : all.length === 0 ? 'none' : 'some';
    void vscode.commands.executeCommand('setContext', 'suture.anomalies', context);
    redraw.fire();
  };
  const updateSoon = (): void => {
    timer ??= setTimeout(update, redrawMs);
  };
  updateSoon();

  const subscriptions = vscode.Disposable.from(
    redraw,
    view,
    anomalies.onChanged(updateSoon),
    session.onState(updateSoon),
    vscode.workspace.onDidGrantWorkspaceTrust(updateSoon),
  );
  return {
    reveal: async ({ root, fingerprint }) => {
      const node = groupsOf(root)
        .flatMap((group) => (group.type === 'group' ? rowsOf(group) : []))
        .find((one) => one.type === 'anomaly' && one.fingerprint === fingerprint);
      if (node !== undefined) await view.reveal(node, { select: true, focus: true, expand: true });
    },
    dispose: () => {
      clearTimeout(timer);
      subscriptions.dispose();
    },
  };
}
