import * as vscode from 'vscode';
import { settingTable, type SettingKey, type SettingValue } from './setting-table.ts';

const matches = (key: SettingKey, value: unknown): boolean => {
  const entry = settingTable[key];
  if (entry.type === 'integer')
    return Number.isInteger(value) && Number(value) >= entry.minimum && Number(value) <= entry.maximum;
  if (typeof value !== entry.type) return false;
  return !('enum' in entry) || (entry.enum as readonly unknown[]).includes(value);
};

/** The value that counts for a resource; a value of a wrong type counts as the default. */
export function setting<Key extends SettingKey>(key: Key, scope?: vscode.Uri): SettingValue<Key> {
  const value: unknown = vscode.workspace.getConfiguration('suture', scope ?? null).get(key);
  return (matches(key, value) ? value : settingTable[key].default) as SettingValue<Key>;
}

/** Calls back after any setting of the extension changed. */
export function onSettings(changed: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('suture')) changed();
  });
}
