// A workspace made of texts, read by the real parser and linked by the real link step.
import { parseFacts } from '../../../src/core/code/parse.ts';
import type { FileFacts } from '../../../src/core/code/facts.ts';
import { linkHandlers } from '../../../src/core/handlers/link.ts';
import { projectFacts } from '../../../src/core/handlers/project.ts';
import { resolveImport } from '../../../src/core/handlers/resolve.ts';
import type { HandlerIndex } from '../../../src/core/model/handler.ts';
import { createTestIndex, type TestIndex, type TestIndexOptions } from '../../../src/core/tests/status.ts';

export type Files = Readonly<Record<string, string>>;

export interface VirtualWorkspace {
  readonly index: TestIndex;
  readonly handlers: HandlerIndex;
  readonly facts: ReadonlyMap<string, FileFacts>;
  /** Puts texts in (null: deletes) and brings the index up to date. */
  readonly change: (files: Readonly<Record<string, string | null>>) => Promise<void>;
  /** `level handlerId` of each test, by test title. */
  readonly linksOf: (title: string) => readonly string[];
}

const manifest =
  '{ "name": "app", "devDependencies": { "vitest": "*" }, "dependencies": { "express": "*" } }';

export async function virtualWorkspace(
  files: Files,
  options: Partial<TestIndexOptions> = {},
): Promise<VirtualWorkspace> {
  const texts = new Map<string, string>([['package.json', manifest]]);
  const facts = new Map<string, FileFacts>();
  const index = createTestIndex({ changedAfter: () => false, ...options });
  let handlers: HandlerIndex = { handlers: [], unresolved: [] };
  const change = async (changes: Readonly<Record<string, string | null>>): Promise<void> => {
    for (const [path, text] of Object.entries(changes)) {
      if (text === null) {
        texts.delete(path);
        facts.delete(path);
        continue;
      }
      texts.set(path, text);
      if (!path.endsWith('.json')) facts.set(path, await parseFacts(path, text));
    }
    const project = projectFacts(new Map([...texts].filter(([path]) => path.endsWith('.json'))));
    handlers = linkHandlers(facts, project);
    index.update(facts, handlers, project, (from, source) =>
      resolveImport(project, (path) => facts.has(path), from, source),
    );
  };
  await change(files);
  return {
    index,
    get handlers() {
      return handlers;
    },
    facts,
    change,
    linksOf: (title) => {
      const test = index.cases().find((candidate) => candidate.title === title);
      if (test === undefined)
        throw new Error(
          `no test "${title}" among ${index
            .cases()
            .map((t) => t.title)
            .join(', ')}`,
        );
      return index
        .links()
        .filter(({ testId }) => testId === test.id)
        .map(({ level, handlerId }) => `${level} ${handlerId}`)
        .sort();
    },
  };
}
