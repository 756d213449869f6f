import type { Position } from '../model/handler.ts';
import type {
  Binding,
  CallFact,
  ClassFact,
  ExportFact,
  Expr,
  FunctionFact,
  ImportFact,
  Step,
} from './facts.ts';
import type { ts } from './ts.ts';

/** The function (or module, index -1) whose body is being read. */
export interface Frame {
  readonly index: number;
  readonly bindings: Binding[];
  /** Source name to unique name, innermost block last. */
  readonly blocks: Map<string, string>[];
}

/** A name that a function or class takes from where it stands. */
export interface Hint {
  readonly name: string;
  readonly naming: 'own' | 'wrapped' | 'returned';
  readonly at?: ts.Node;
}

/** State of reading one file. */
export interface Reading {
  readonly ts: typeof ts;
  readonly file: ts.SourceFile;
  readonly hashes: ReadonlyMap<ts.Node, string>;
  readonly imports: ImportFact[];
  readonly exports: ExportFact[];
  readonly functions: FunctionFact[];
  readonly classes: ClassFact[];
  readonly calls: CallFact[];
  readonly frames: Frame[];
  /** Where statements put their steps. */
  steps: Step[];
  /** Qualified name of the enclosing named functions and classes. */
  prefix: string;
  /** For names that no source can spell. */
  serial: number;
}

export const OTHER: Expr = { k: 'other' };

export function frameOf(r: Reading): Frame {
  const frame = r.frames.at(-1);
  if (frame === undefined) throw new Error('reading outside of any frame');
  return frame;
}

export function positionAt(r: Reading, offset: number): Position {
  const { line, character } = r.file.getLineAndCharacterOfPosition(offset);
  return { line: line + 1, column: character + 1 };
}

export const startOf = (r: Reading, node: ts.Node): Position => positionAt(r, node.getStart(r.file));
export const endOf = (r: Reading, node: ts.Node): Position => positionAt(r, node.getEnd());

/** Makes a name of the current block known; a name already taken in the same function gets a unique spelling. */
export function declare(r: Reading, name: string): string {
  const frame = frameOf(r);
  const block = frame.blocks.at(-1);
  const known = block?.get(name);
  if (known !== undefined) return known;
  const taken = frame.blocks.some((other) => other.has(name)) || frame.bindings.some((b) => b.name === name);
  const unique = taken ? `${name}~${++r.serial}` : name;
  block?.set(name, unique);
  return unique;
}

/** Like `declare` for `var`: known in the whole function. */
export function declareVar(r: Reading, name: string): string {
  const frame = frameOf(r);
  for (const block of frame.blocks) if (block.has(name)) return block.get(name) ?? name;
  frame.blocks[0]?.set(name, name);
  return name;
}

export function nameInScope(r: Reading, name: string): string {
  for (let f = r.frames.length - 1; f >= 0; f--) {
    const blocks = r.frames[f]?.blocks ?? [];
    for (let b = blocks.length - 1; b >= 0; b--) {
      const unique = blocks[b]?.get(name);
      if (unique !== undefined) return unique;
    }
  }
  return name;
}

/** Adds a binding; a later one of the same name replaces none (`var x` twice keeps the first with a value). */
export function bind(r: Reading, binding: Binding): void {
  frameOf(r).bindings.push(binding);
}

export function inBlock(r: Reading, read: () => void): void {
  const frame = frameOf(r);
  frame.blocks.push(new Map());
  try {
    read();
  } finally {
    frame.blocks.pop();
  }
}

/** Runs `read` with its own list of steps and returns that list. */
export function collectSteps(r: Reading, read: () => void): Step[] {
  const outer = r.steps;
  const own: Step[] = [];
  r.steps = own;
  try {
    read();
  } finally {
    r.steps = outer;
  }
  return own;
}

export const qualified = (prefix: string, name: string): string =>
  prefix === '' ? name : `${prefix}.${name}`;

/** `express.Application` of a type annotation; undefined for anything but a plain reference. */
export function typeNameOf(r: Reading, type: ts.TypeNode | undefined): string | undefined {
  if (type === undefined || !r.ts.isTypeReferenceNode(type)) return undefined;
  const text = (name: ts.EntityName): string =>
    r.ts.isIdentifier(name) ? name.text : `${text(name.left)}.${name.right.text}`;
  return text(type.typeName);
}
