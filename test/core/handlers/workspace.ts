import { loadParser } from '../../../src/core/code/parse.ts';
import type { FileFacts } from '../../../src/core/code/facts.ts';
import { linkHandlers } from '../../../src/core/handlers/link.ts';
import { projectFacts, type ProjectFacts } from '../../../src/core/handlers/project.ts';
import { readSequences } from '../../../src/core/sequences/read.ts';
import type { HandlerIndex } from '../../../src/core/model/handler.ts';

export type Files = Readonly<Record<string, string>>;

export interface Workspace {
  readonly facts: ReadonlyMap<string, FileFacts>;
  readonly project: ProjectFacts;
  readonly index: HandlerIndex;
  /** `kind METHOD route -> file#symbol` of every handler, in the order of the index. */
  readonly lines: readonly string[];
}

/** Indexes a workspace given as path -> text. */
export async function indexOf(files: Files): Promise<Workspace> {
  const parse = await loadParser();
  const facts = new Map<string, FileFacts>();
  const configs = new Map<string, string>();
  for (const [path, text] of Object.entries(files)) {
    if (path.endsWith('.json')) configs.set(path, text);
    else facts.set(path, parse(path, text));
  }
  const project = projectFacts(configs);
  const index = linkHandlers(facts, project, readSequences(sequencesIn(configs), project.packages).sequences);
  const lines = index.handlers.map((h) =>
    [h.kind, h.method, h.route, '->', h.function].filter((p) => p !== undefined).join(' '),
  );
  return { facts, project, index, lines };
}

const sequencesIn = (configs: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  new Map([...configs].filter(([path]) => path.includes('json-sequences/')));

/** Only `METHOD route -> file#symbol` of route handlers, sorted by text. */
export async function routesOf(files: Files): Promise<readonly string[]> {
  const { lines } = await indexOf(files);
  return lines
    .filter((line) => line.startsWith('route '))
    .map((line) => line.slice('route '.length))
    .sort();
}
