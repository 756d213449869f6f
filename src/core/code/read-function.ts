import type {
  Binding,
  ClassFact,
  DecoratorFact,
  Expr,
  FunctionFact,
  MemberFact,
  ParamFact,
  Step,
} from './facts.ts';
import { describeFunction } from './describe.ts';
import { propertyKey, readExpression } from './read-expression.ts';
import { readPattern, readStatements } from './read-statement.ts';
import {
  bind,
  collectSteps,
  declare,
  endOf,
  frameOf,
  OTHER,
  qualified,
  startOf,
  typeNameOf,
  type Frame,
  type Hint,
  type Reading,
} from './reading.ts';
import type { ts } from './ts.ts';

/** Reads a function-like node with its body; returns its index. Functions precede those nested in them. */
export function readFunction(r: Reading, node: ts.FunctionLikeDeclaration, hint?: Hint): number {
  const t = r.ts;
  const index = r.functions.length;
  const parent = frameOf(r).index;
  const ownName = node.name !== undefined && t.isIdentifier(node.name) ? node.name : undefined;
  // An assigned name wins over a function expression's own: `const list = function handler() {}` is `list` to its users.
  const named: Hint | undefined =
    hint?.naming === 'own' || ownName === undefined
      ? hint
      : { name: ownName.text, naming: 'own', at: ownName };
  const symbol =
    named === undefined ? '' : named.naming === 'returned' ? named.name : qualified(r.prefix, named.name);
  const at = named?.naming === 'returned' || named?.at === undefined ? node : named.at;
  const frame: Frame = { index, bindings: [], blocks: [new Map()] };
  const outerPrefix = r.prefix;
  const params: ParamFact[] = [];
  const body: Step[] = [];
  const fact: FunctionFact = {
    symbol,
    naming: named?.naming ?? 'none',
    at: startOf(r, at),
    end: endOf(r, node),
    params,
    bindings: frame.bindings,
    body,
    parent,
    arrow: t.isArrowFunction(node),
    hash: r.hashes.get(node) ?? '',
    ...describeFunction(t, r.file, node),
  };
  r.functions.push(fact);
  r.frames.push(frame);
  if (named?.naming === 'own' && symbol !== 'default') r.prefix = symbol;
  try {
    const steps = collectSteps(r, () => {
      readParams(r, node.parameters, params);
      if (node.body === undefined) return;
      if (t.isBlock(node.body)) readStatements(r, node.body.statements);
      else r.steps.push({ k: 'return', value: readExpression(r, node.body, returnedHint(named, symbol)) });
    });
    body.push(...steps);
  } finally {
    r.frames.pop();
    r.prefix = outerPrefix;
  }
  return index;
}

const returnedHint = (named: Hint | undefined, symbol: string): Hint | undefined =>
  named?.naming === 'own' ? { name: symbol, naming: 'returned' } : undefined;

/** Hint for a function that the current function returns. */
export function hintOfReturn(r: Reading): Hint | undefined {
  const fact = r.functions[frameOf(r).index];
  return fact?.naming === 'own' ? { name: fact.symbol, naming: 'returned' } : undefined;
}

function readParams(r: Reading, nodes: readonly ts.ParameterDeclaration[], params: ParamFact[]): void {
  const t = r.ts;
  nodes.forEach((node, index) => {
    const type = typeNameOf(r, node.type);
    const plain = t.isIdentifier(node.name) ? node.name.text : undefined;
    const name = declare(r, plain ?? `~${++r.serial}`);
    const init = node.initializer === undefined ? undefined : readExpression(r, node.initializer);
    params.push({
      name: plain ?? '',
      rest: node.dotDotDotToken !== undefined,
      ...(type !== undefined && { type }),
    });
    bind(r, {
      k: 'param',
      name,
      index,
      ...(type !== undefined && { type }),
      ...(init !== undefined && { init }),
    });
    if (plain === undefined && !t.isIdentifier(node.name)) readPattern(r, node.name, { k: 'name', name });
    else if (t.isParameterPropertyDeclaration(node, node.parent)) {
      const target: Expr = { k: 'member', object: { k: 'this' }, name };
      r.steps.push({ k: 'do', value: { k: 'assign', target, value: { k: 'name', name } } });
    }
  });
}

/** Reads a class with its members; returns its index. */
export function readClass(r: Reading, node: ts.ClassLikeDeclaration, hint?: Hint): number {
  const t = r.ts;
  const index = r.classes.length;
  const own = hint?.naming === 'own' ? hint.name : undefined;
  const name = qualified(r.prefix, node.name?.text ?? own ?? 'default');
  const members: MemberFact[] = [];
  const base = node.heritageClauses?.find((clause) => clause.token === t.SyntaxKind.ExtendsKeyword)?.types[0];
  const fact: { -readonly [K in keyof ClassFact]: ClassFact[K] } = {
    name,
    at: startOf(r, node.name ?? node),
    end: endOf(r, node),
    members,
    decorators: [],
    parent: frameOf(r).index,
  };
  r.classes.push(fact);
  fact.decorators = readDecorators(r, node);
  if (base !== undefined) fact.extends = readExpression(r, base.expression);
  const outerPrefix = r.prefix;
  r.prefix = name;
  for (const member of node.members) {
    const read = readMember(r, member);
    if (read !== undefined) members.push(read);
  }
  r.prefix = outerPrefix;
  return index;
}

function readMember(r: Reading, member: ts.ClassElement): MemberFact | undefined {
  const t = r.ts;
  if (t.isClassStaticBlockDeclaration(member)) {
    readStatements(r, member.body.statements);
    return undefined;
  }
  const common = {
    static:
      t.canHaveModifiers(member) &&
      (t.getModifiers(member) ?? []).some((m) => m.kind === t.SyntaxKind.StaticKeyword),
    decorators: readDecorators(r, member),
    at: startOf(r, member.name ?? member),
  };
  if (t.isConstructorDeclaration(member)) {
    if (member.body === undefined) return undefined;
    const fn = readFunction(r, member, { name: 'constructor', naming: 'own' });
    return { ...common, name: 'constructor', kind: 'constructor', fn };
  }
  if (member.name === undefined) return undefined;
  const key = propertyKey(r, member.name);
  if (typeof key !== 'string') return undefined;
  const hint: Hint = { name: key, naming: 'own', at: member.name };
  if (t.isMethodDeclaration(member) || t.isGetAccessorDeclaration(member)) {
    // Overload signatures have no body; the implementation follows.
    if (member.body === undefined) return undefined;
    return {
      ...common,
      name: key,
      kind: t.isMethodDeclaration(member) ? 'method' : 'getter',
      fn: readFunction(r, member, hint),
    };
  }
  if (!t.isPropertyDeclaration(member)) return undefined;
  const type = typeNameOf(r, member.type);
  const value = member.initializer === undefined ? undefined : readExpression(r, member.initializer, hint);
  return {
    ...common,
    name: key,
    kind: 'field',
    ...(type !== undefined && { type }),
    ...(value !== undefined && { value }),
  };
}

function readDecorators(r: Reading, node: ts.Node): DecoratorFact[] {
  if (!r.ts.canHaveDecorators(node)) return [];
  return (r.ts.getDecorators(node) ?? []).map((d) => ({
    value: readExpression(r, d.expression),
    at: startOf(r, d),
  }));
}

/** Binding and step of a declared function or class. */
export function bindDeclared(r: Reading, binding: Extract<Binding, { k: 'function' | 'class' }>): void {
  bind(r, binding);
  if (binding.k === 'class') r.steps.push({ k: 'do', value: OTHER });
}
