import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readSource } from './workspace-files.ts';

/** Markdown files directly in a folder of the workspace, by their name; empty when there is no such folder. */
export async function readDocs(root: string, folder: string): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(join(root, folder)).catch(() => []);
  const docs = new Map<string, string>();
  for (const name of names.filter((candidate) => candidate.endsWith('.md')).sort()) {
    const text = await readSource(root, `${folder}/${name}`);
    if (text !== null) docs.set(name, text);
  }
  return docs;
}
