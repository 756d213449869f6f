import { createHash } from 'node:crypto';
import type { FileFacts } from '../code/facts.ts';
import type { HandlerDoc } from '../document/page.ts';
import type { Parser, SourceText } from '../code/parser.ts';
import { linkHandlers } from '../handlers/link.ts';
import { projectFacts, type ProjectFacts } from '../handlers/project.ts';
import { modifiedMs } from '../ingest/sources/report-files.ts';
import { isListed, listSourceFiles, readSource } from '../ingest/sources/workspace-files.ts';
import type { Handler, HandlerIndex } from '../model/handler.ts';
import type { Problem } from '../model/problem.ts';
import type { Sequence } from '../model/sequence.ts';
import { createSequenceBook } from './sequences.ts';

/** Facts of every source file and the handlers that the link step makes of them. */
export interface CodeIndex {
  /** Reads and parses everything that the workspace holds, then links. */
  readonly scan: () => Promise<void>;
  /** Text of an unsaved editor, null: back to the file on disk; true when the facts of the file changed. */
  readonly setText: (path: string, text: string | null) => Promise<boolean>;
  /** Files created, changed or deleted on disk; true when anything changed. */
  readonly filesChanged: (paths: readonly string[]) => Promise<boolean>;
  readonly handlers: () => HandlerIndex;
  /** Declared sequences, with the handler of each beat or the reason why it has none. */
  readonly sequences: () => readonly Sequence[];
  readonly project: () => ProjectFacts;
  readonly facts: () => ReadonlyMap<string, FileFacts>;
  /** What the source says of each handler's function, by handler id. */
  readonly describe: () => ReadonlyMap<string, HandlerDoc>;
  /** Text of a workspace file as the user sees it, unsaved edits included; null for none. */
  readonly textOf: (path: string) => Promise<string | null>;
  /** Texts of editors that are not saved, by path. */
  readonly unsaved: () => ReadonlyMap<string, string>;
  /** The index as it would be with these texts (null: without the file); nothing here changes. */
  readonly withEdits: (
    edits: readonly { readonly file: string; readonly newText: string | null }[],
  ) => Promise<Pick<CodeIndex, 'handlers' | 'project' | 'facts' | 'describe' | 'changedMs'>>;
  /** When the text of a file last changed, milliseconds since the epoch; undefined for an unknown file. */
  readonly changedMs: (path: string) => number | undefined;
  readonly close: () => Promise<void>;
}

export interface CodeIndexOptions {
  readonly root: string;
  readonly parser: Parser;
  /** Wall clock, milliseconds since the epoch. */
  readonly now: () => number;
  readonly onProblems: (origin: string, problems: readonly Problem[]) => void;
}

/** Texts handed to the parser at once: enough to keep it busy, few enough to let other messages through. */
const chunkFiles = 64;
const isSource = /\.[cm]?[jt]sx?$/;
const isConfigFile = /(^|\/)(package|[jt]sconfig[^/]*)\.json$/;

export function createCodeIndex({ root, parser, now, onProblems }: CodeIndexOptions): CodeIndex {
  const facts = new Map<string, FileFacts>();
  const configTexts = new Map<string, string>();
  const editorTexts = new Map<string, string>();
  const stamps = new Map<string, { readonly hash: string; readonly changedMs: number }>();
  /** Newest request for each file, so that a slow parse of an older text never overwrites a newer one. */
  const turns = new Map<string, number>();
  let turn = 0;
  let closed = false;
  let project: ProjectFacts = projectFacts(new Map());
  let index: HandlerIndex = { handlers: [], unresolved: [] };

  const book = createSequenceBook((problems) => onProblems('sequences', problems));

  const link = (): void => {
    index = linkHandlers(facts, project, book.declared(project));
    book.linked(index);
    const broken = [...facts.values()].filter((file) => file.syntaxErrors > 0);
    onProblems(
      'syntax',
      broken.map((file) => ({
        file: file.path,
        code: 'syntax-errors',
        message: 'The file does not parse completely; what could be read of it is used.',
        count: file.syntaxErrors,
      })),
    );
  };

  const changedMs = (path: string): number | undefined => stamps.get(path)?.changedMs;

  const readProject = (): void => {
    project = projectFacts(configTexts);
    onProblems('project', project.problems);
  };

  /** Parses texts together; where that fails each alone, so that one bad file costs only itself. */
  const parse = async (texts: readonly SourceText[]): Promise<readonly FileFacts[]> => {
    try {
      return await parser.parse(texts);
    } catch (error) {
      const [only, ...others] = texts;
      if (only === undefined || closed) return [];
      if (others.length > 0) {
        const parts: FileFacts[] = [];
        for (const text of texts) parts.push(...(await parse([text])));
        return parts;
      }
      const message = `The file could not be parsed and is left out (${(error as Error).message}).`;
      onProblems(`parser ${only.path}`, [{ file: only.path, code: 'not-parsed', message, count: 1 }]);
      return [];
    }
  };

  /** Parses the texts and keeps the facts of those that no newer request has overtaken. */
  const take = async (texts: readonly SourceText[]): Promise<boolean> => {
    const mine = ++turn;
    for (const { path } of texts) turns.set(path, mine);
    let changed = false;
    for (let start = 0; start < texts.length; start += chunkFiles) {
      for (const file of await parse(texts.slice(start, start + chunkFiles))) {
        if (turns.get(file.path) !== mine) continue;
        facts.set(file.path, file);
        changed = true;
      }
    }
    return changed;
  };

  const read = async (path: string): Promise<SourceText | null> => {
    const inEditor = editorTexts.get(path);
    const text = inEditor ?? (await readSource(root, path));
    if (text === null) return null;
    const hash = createHash('sha1').update(text).digest('base64');
    // Opening a file in an editor, or touching it, changes nothing.
    if (stamps.get(path)?.hash !== hash) {
      const onDisk = inEditor === undefined ? await modifiedMs(root, path) : null;
      stamps.set(path, { hash, changedMs: onDisk ?? now() });
    }
    return { path, text };
  };

  const forget = (path: string): boolean => {
    turns.set(path, ++turn);
    return facts.delete(path);
  };

  return {
    async scan() {
      const listed = await listSourceFiles(root);
      onProblems('workspace', listed.problems);
      for (const path of listed.configs) {
        const text = await readSource(root, path);
        if (text !== null) configTexts.set(path, text);
      }
      readProject();
      for (const path of listed.json.filter((candidate) => book.isSequenceFile(candidate, project)))
        book.set(path, (await read(path))?.text ?? null);
      for (let start = 0; start < listed.files.length; start += chunkFiles) {
        const texts = await Promise.all(listed.files.slice(start, start + chunkFiles).map(read));
        await take(texts.filter((text) => text !== null));
      }
      link();
    },
    async setText(path, text) {
      if (text === null) editorTexts.delete(path);
      else editorTexts.set(path, text);
      const source = await read(path);
      const changed = book.isSequenceFile(path, project)
        ? book.set(path, source?.text ?? null)
        : isSource.test(path) && (source === null ? forget(path) : await take([source]));
      if (changed) link();
      return changed;
    },
    async filesChanged(changedPaths) {
      let changed = false;
      const paths: string[] = [];
      for (const path of changedPaths) {
        if (facts.has(path) || configTexts.has(path) || book.has(path) || (await isListed(root, path)))
          paths.push(path);
      }
      for (const path of paths.filter((candidate) => isConfigFile.test(candidate))) {
        const text = await readSource(root, path);
        if (text === null) changed = configTexts.delete(path) || changed;
        else if (configTexts.get(path) !== text) {
          configTexts.set(path, text);
          changed = true;
        }
      }
      if (changed) readProject();
      for (const path of paths.filter((candidate) => book.isSequenceFile(candidate, project)))
        changed = book.set(path, (await read(path))?.text ?? null) || changed;
      const sources = paths.filter((path) => isSource.test(path));
      const texts: SourceText[] = [];
      for (const path of sources) {
        const source = await read(path);
        if (source === null) changed = forget(path) || changed;
        else texts.push(source);
      }
      changed = (await take(texts)) || changed;
      if (changed) link();
      return changed;
    },
    handlers: () => index,
    sequences: book.sequences,
    project: () => project,
    facts: () => facts,
    describe: () => describe(index, facts),
    changedMs,
    textOf: async (path) => editorTexts.get(path) ?? (await readSource(root, path)),
    unsaved: () => editorTexts,
    async withEdits(edits) {
      const edited = new Map(facts);
      for (const { file } of edits) edited.delete(file);
      const texts = edits.flatMap(({ file, newText }) =>
        newText === null || !isSource.test(file) ? [] : [{ path: file, text: newText }],
      );
      for (const file of await parse(texts)) edited.set(file.path, file);
      const linked = linkHandlers(edited, project, book.declared(project));
      return {
        handlers: () => linked,
        project: () => project,
        facts: () => edited,
        describe: () => describe(linked, edited),
        changedMs,
      };
    },
    async close() {
      closed = true;
      await parser.close();
    },
  };
}

function describe(
  index: HandlerIndex,
  facts: ReadonlyMap<string, FileFacts>,
): ReadonlyMap<string, HandlerDoc> {
  const docOf = ({ file, start }: Handler): HandlerDoc => {
    const found = facts
      .get(file)
      ?.functions.find(({ at }) => at.line === start.line && at.column === start.column);
    if (found === undefined) return {};
    const { signature, comment, throws } = found;
    return { signature, throws, ...(comment === undefined ? {} : { comment }) };
  };
  return new Map(index.handlers.map((handler) => [handler.id, docOf(handler)]));
}
