import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { HandlerReference } from './handler-reference.ts';
import { hoverContext } from './hover.ts';
import { hoverCommands, hoverMarkdown } from './render/hover-markdown.ts';
import { isMiddleware } from './render/lens-text.ts';
import { hasTests } from './render/tests-text.ts';
import { treeGroups, type Severity, type TreeGroup, type TreeHandler } from './render/tree-rows.ts';
import type { Session } from './session.ts';
import { onSettings, setting } from './settings.ts';
import { uriOf } from './workspace-paths.ts';

type Node =
  | { readonly type: 'folder'; readonly root: string }
  | { readonly type: 'group'; readonly root: string; readonly group: TreeGroup }
  /** The fields of a reference stand on the row itself, so that commands of its menu understand it. */
  | ({ readonly type: 'handler'; readonly row: TreeHandler } & HandlerReference);

/** Changes of many files in a row redraw the tree once (ms). */
const redrawMs = 200;

const icons: Record<Severity, vscode.ThemeIcon> = {
  bad: new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground')),
  warning: new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground')),
  fine: new vscode.ThemeIcon('pass'),
  unmeasured: new vscode.ThemeIcon('circle-outline'),
};
const severityWords: Record<Severity, string> = {
  bad: 'bad',
  warning: 'warning',
  fine: 'fine',
  unmeasured: 'not measured',
};

function handlerItem(node: Node & { type: 'handler' }): vscode.TreeItem {
  const { row, root, id } = node;
  const { handler } = row.model;
  const item = new vscode.TreeItem(row.label);
  item.id = `${root}|${id}`;
  item.description = row.description;
  item.iconPath =
    isMiddleware(row.model) && row.severity === 'fine' ? new vscode.ThemeIcon('layers') : icons[row.severity];
  item.contextValue = hasTests(row.model.tests) ? 'handler tested' : 'handler';
  item.accessibilityInformation = {
    label: `${row.label}, ${severityWords[row.severity]}, ${row.description}`,
  };
  const at = new vscode.Position(handler.start.line - 1, handler.start.column - 1);
  item.command = {
    command: 'vscode.open',
    title: vscode.l10n.t('Open'),
    arguments: [uriOf(root, handler.file), { selection: new vscode.Range(at, at), preview: true }],
  };
  return item;
}

function groupItem({ root, group }: Node & { type: 'group' }): vscode.TreeItem {
  const item = new vscode.TreeItem(group.label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `${root}|${group.key}`;
  item.description = group.description;
  item.contextValue = 'group';
  if (group.file === undefined) item.iconPath = new vscode.ThemeIcon('package');
  else {
    item.iconPath = vscode.ThemeIcon.File;
    item.resourceUri = uriOf(root, group.file);
  }
  return item;
}

/** The Handlers view: groups by file or plugin, worst first. */
export function registerTree(session: Session): vscode.Disposable {
  const { client } = session;
  const redraw = new vscode.EventEmitter<void>();
  let timer: NodeJS.Timeout | undefined;
  const redrawSoon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      redraw.fire();
    }, redrawMs);
  };

  const groupsOf = (root: string): Node[] =>
    treeGroups(client.models(root), setting('tree.groupBy'), {
      t: vscode.l10n.t,
      freshness: session.freshness(root),
    }).map((group) => ({ type: 'group', root, group }));
  const provider: vscode.TreeDataProvider<Node> = {
    onDidChangeTreeData: redraw.event,
    getChildren: (node) => {
      if (node?.type === 'handler') return [];
      if (node?.type === 'group') {
        return node.group.handlers.map((row) => ({
          type: 'handler',
          root: node.root,
          id: row.model.handler.id,
          row,
        }));
      }
      if (node?.type === 'folder') return groupsOf(node.root);
      const folders = client.folders();
      const [only] = folders;
      return folders.length === 1 && only !== undefined
        ? groupsOf(only)
        : folders.map((root) => ({ type: 'folder', root }));
    },
    getTreeItem: (node) => {
      if (node.type === 'handler') return handlerItem(node);
      if (node.type === 'group') return groupItem(node);
      return new vscode.TreeItem(basename(node.root), vscode.TreeItemCollapsibleState.Expanded);
    },
    resolveTreeItem: (item, node) => {
      if (node.type === 'handler') {
        const tooltip = new vscode.MarkdownString(
          hoverMarkdown(node.row.model, hoverContext(session, node.root)),
        );
        tooltip.isTrusted = { enabledCommands: hoverCommands };
        item.tooltip = tooltip;
      }
      return item;
    },
  };
  const view = vscode.window.createTreeView('suture.handlers', {
    treeDataProvider: provider,
    showCollapseAll: true,
  });
  return vscode.Disposable.from(
    redraw,
    view,
    new vscode.Disposable(() => {
      clearTimeout(timer);
    }),
    session.onFiles(redrawSoon),
    session.onState(redrawSoon),
    onSettings(redrawSoon),
  );
}
