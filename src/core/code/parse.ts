import type { FileFacts } from './facts.ts';
import { worthParsing } from './prefilter.ts';
import { readStatements } from './read-statement.ts';
import type { Frame, Reading } from './reading.ts';
import { syntaxHashes } from './syntax-hash.ts';
import type { ts } from './ts.ts';

/** Facts of one file from its text; never throws, a broken file yields what is there with its number of syntax errors. */
export type ParseFacts = (path: string, text: string) => FileFacts;

/** Loads the parser (ts-morph's TypeScript, some 7 MB) on first use. */
export async function loadParser(): Promise<ParseFacts> {
  const { ts: api } = await import('./ts.ts');
  return (path, text) => parseWith(api, path, text);
}

/** One file with a parser loaded on the way. */
export async function parseFacts(path: string, text: string): Promise<FileFacts> {
  return (await loadParser())(path, text);
}

function parseWith(api: typeof ts, path: string, text: string): FileFacts {
  const empty = { imports: [], exports: [], functions: [], classes: [], calls: [], bindings: [], body: [] };
  if (!worthParsing(path, text)) return { path, syntaxErrors: 0, ...empty };
  try {
    const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    const file = api.createSourceFile(path, source, api.ScriptTarget.Latest, true, scriptKind(api, path));
    return readFile(api, path, file);
  } catch {
    // Nesting deeper than the stack, or a parser's own bug: the file counts as broken, the rest goes on.
    return { path, syntaxErrors: 1, ...empty };
  }
}

function readFile(api: typeof ts, path: string, file: ts.SourceFile): FileFacts {
  const frame: Frame = { index: -1, bindings: [], blocks: [new Map()] };
  const r: Reading = {
    ts: api,
    file,
    hashes: syntaxHashes(api, file),
    imports: [],
    exports: [],
    functions: [],
    classes: [],
    calls: [],
    frames: [frame],
    steps: [],
    prefix: '',
    serial: 0,
  };
  readStatements(r, file.statements);
  return {
    path,
    syntaxErrors: syntaxErrorsOf(file),
    imports: r.imports,
    exports: r.exports,
    functions: r.functions,
    classes: r.classes,
    calls: r.calls,
    bindings: frame.bindings,
    body: r.steps,
  };
}

/** TypeScript keeps them on the file, outside of its declared interface. */
function syntaxErrorsOf(file: ts.SourceFile): number {
  const { parseDiagnostics } = file as ts.SourceFile & { readonly parseDiagnostics?: readonly unknown[] };
  return parseDiagnostics?.length ?? 0;
}

function scriptKind(api: typeof ts, path: string): ts.ScriptKind {
  if (path.endsWith('.tsx')) return api.ScriptKind.TSX;
  // JavaScript may hold JSX under any of its extensions.
  return /\.[cm]?jsx?$/.test(path) ? api.ScriptKind.JSX : api.ScriptKind.TS;
}
