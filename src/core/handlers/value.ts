import type { CallFact, FileFacts } from '../code/facts.ts';

/** Where a call stands. */
export interface Site {
  readonly file: FileFacts;
  readonly call: CallFact;
}

/** One execution of a function's (or module's, `fn` -1) scope. */
export interface Env {
  readonly file: FileFacts;
  readonly fn: number;
  readonly parent: Env | undefined;
  readonly vars: Map<string, Value>;
  readonly pending: Set<string>;
  readonly self: Value | undefined;
  readonly args: readonly Value[];
  /** The class whose member this is, for `super`. */
  readonly home: ClassValue | undefined;
}

export interface FunctionValue {
  readonly t: 'function';
  readonly file: FileFacts;
  readonly index: number;
  readonly env: Env;
  readonly self: Value | undefined;
  readonly home: ClassValue | undefined;
}

export interface ClassValue {
  readonly t: 'class';
  readonly file: FileFacts;
  readonly index: number;
  readonly env: Env;
}

export interface InstanceValue {
  readonly t: 'instance';
  readonly cls: ClassValue;
  readonly fields: Map<string, Value>;
}

/** Something of a package outside of the workspace; `path` are the members taken, `()` stands for a call. */
export interface ExternalValue {
  readonly t: 'external';
  readonly package: string;
  readonly path: readonly string[];
}

/** A framework's own object (an app, a router), which decides what its methods do. */
export interface Native {
  readonly method: (name: string, args: readonly Value[], site: Site) => Value | undefined;
}

/** What a static evaluation knows of an expression. */
export type Value =
  /** `label` is the source in short; `text`: it is a string all the same. */
  | { readonly t: 'unknown'; readonly label: string; readonly text?: boolean }
  | { readonly t: 'const'; readonly value: string | number | boolean | null }
  | { readonly t: 'regexp'; readonly source: string }
  | FunctionValue
  | ClassValue
  | InstanceValue
  | { readonly t: 'object'; readonly props: Map<string, Value> }
  | { readonly t: 'array'; readonly items: Value[] }
  | { readonly t: 'module'; readonly path: string }
  | ExternalValue
  | { readonly t: 'method'; readonly of: Value; readonly name: string }
  /** What a wrapper made of a function: the framework calls `inner` in the end. */
  | { readonly t: 'wrapped'; readonly inner: Value }
  | { readonly t: 'native'; readonly native: Native };

export const unknown = (label: string): Value => ({ t: 'unknown', label });
export const constant = (value: string | number | boolean | null): Value => ({ t: 'const', value });

/** Source in short, for people: `express.json`, `deps.auth`. */
export function labelOf(value: Value): string {
  switch (value.t) {
    case 'unknown':
      return value.label.replace(/\.(bind|call)$/, '');
    case 'external':
      return [value.package, ...value.path].join('.').replaceAll('.()', '');
    case 'method':
      return [labelOf(value.of), value.name].filter((part) => part !== '').join('.');
    case 'function':
      return value.file.functions[value.index]?.symbol ?? '';
    case 'class':
      return value.file.classes[value.index]?.name ?? '';
    case 'instance':
      return labelOf(value.cls);
    case 'wrapped':
      return labelOf(value.inner);
    case 'const':
      return String(value.value);
    default:
      return '';
  }
}

/** The function that is called in the end, or undefined. */
export function functionOf(value: Value): FunctionValue | undefined {
  if (value.t === 'function') return value;
  return value.t === 'wrapped' ? functionOf(value.inner) : undefined;
}

/** Items of nested arrays in order. */
export function flatten(values: readonly Value[]): readonly Value[] {
  return values.flatMap((value) => (value.t === 'array' ? flatten(value.items) : [value]));
}
