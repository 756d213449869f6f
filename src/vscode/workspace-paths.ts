import * as vscode from 'vscode';

/** A file of the workspace as the engine names it. */
export interface WorkspaceFile {
  /** Absolute path of its workspace folder. */
  readonly folder: string;
  /** Posix, relative to the folder. */
  readonly path: string;
}

/** Code, and the JSON that declares sequences of handlers. */
const sourceFile = /\.(ts|tsx|mts|cts|js|jsx|mjs|cjs)$|\/json-sequences\/.*\.json$/;

/** Selector of the documents that carry handlers. */
export const sourceSelector: vscode.DocumentSelector = [
  ...['typescript', 'typescriptreact', 'javascript', 'javascriptreact'].map((language) => ({
    scheme: 'file',
    language,
  })),
  { scheme: 'file', pattern: '**/json-sequences/**/*.json' },
];

/** The engine's name of a uri; undefined outside the workspace, in dependencies and for what is no source file. */
export function sourceOf(uri: vscode.Uri): WorkspaceFile | undefined {
  if (uri.scheme !== 'file' || !sourceFile.test(uri.path)) return undefined;
  return fileOf(uri);
}

/** As `sourceOf`, for files of any kind. */
export function fileOf(uri: vscode.Uri): WorkspaceFile | undefined {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (folder?.uri.scheme !== 'file') return undefined;
  const base = folder.uri.path.endsWith('/') ? folder.uri.path : `${folder.uri.path}/`;
  if (!uri.path.startsWith(base)) return undefined;
  const path = uri.path.slice(base.length);
  return path.split('/').includes('node_modules') ? undefined : { folder: folder.uri.fsPath, path };
}

/** The uri of a file of a folder; `path` is posix and relative and never climbs out. */
export function uriOf(folder: string, path: string): vscode.Uri {
  const safe = path.split('/').filter((part) => part !== '..' && part !== '.' && part !== '');
  return vscode.Uri.joinPath(vscode.Uri.file(folder), ...safe);
}

/** Folders on disk, in the order of the workspace. */
export function localFolders(): readonly vscode.WorkspaceFolder[] {
  return (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === 'file');
}
