import { lstat, mkdir, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { HumanError } from '../core/model/human-error.ts';

/** Writes a file of the workspace (posix, relative); throws a HumanError where a link leads out of it. */
export async function writeInside(workspace: string, file: string, text: string): Promise<void> {
  const target = path.join(workspace, file);
  const folder = path.dirname(target);
  await mkdir(folder, { recursive: true });
  const inside = path.relative(await realpath(workspace), await realpath(folder));
  const linked = (await lstat(target).catch(() => null))?.isSymbolicLink() === true;
  if (linked || inside.split(path.sep)[0] === '..' || path.isAbsolute(inside)) {
    throw new HumanError(`${file} leads out of the workspace through a link: nothing was written there.`);
  }
  await writeFile(target, text);
}
