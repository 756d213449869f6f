import { awaitedCalls, type CallLike } from '../analyse/await-in-loop.ts';
import { targetsOf, unwrapped } from '../analyse/call-targets.ts';
import type { SourceProgram } from '../program-files.ts';
import type { ts } from '../ts.ts';
import { isTame } from './loop-tail.ts';

/** How far a called function is followed. */
const DEPTH = 3;

const READS =
  /^(get|find|fetch|load|read|list|query|select|count|exists?|has|is|can|lookup|look|search|resolve|l?stat|head|access|describe|check|compute|calculate|calc|parse|validate|verify|format|to|from|hash|digest|encode|decode|compare|glob|readdir|realpath|json|text|blob|arrayBuffer|path|locate|collect|of)(?![a-z])|Of$/;
/** Calls in a chain after which the rest only says what is asked for. */
const QUERIES =
  /^(select|count|countDocuments|first|find|findOne|findMany|findAll|findById|aggregate|distinct|pluck|min|max|sum|avg)$/;
const REQUESTS = /^(fetch|axios|got|ky)$/;
const SQL_READS = /^\s*(select|with|show|explain|describe)\b/i;
const SQL_CHANGES = /\b(insert|update|delete|merge|create|drop|alter|truncate|call|nextval)\b/i;

/**
 * What speaks for a call that changes nothing: the request or query it sends, its definition as far as it can be followed,
 * or no more than its name. Undefined where nothing does.
 */
export function readEvidence(
  program: SourceProgram,
  call: CallLike,
): 'request' | 'definition' | 'name' | undefined {
  return evidenceFor(program, call, DEPTH, new Set());
}

function evidenceFor(
  program: SourceProgram,
  call: CallLike,
  depth: number,
  seen: Set<ts.Node>,
): ReturnType<typeof readEvidence> {
  const t = program.ts;
  const callee = unwrapped(program, t.isTaggedTemplateExpression(call) ? call.tag : call.expression);
  const name = t.isPropertyAccessExpression(callee)
    ? callee.name.text
    : t.isIdentifier(callee)
      ? callee.text
      : '';
  // What follows `.then` is looked at where the functions in a part are.
  if (t.isPropertyAccessExpression(callee) && /^(then|catch|finally)$/.test(name)) {
    const [before] = awaitedCalls(program, callee.expression);
    return before === undefined ? undefined : evidenceFor(program, before, depth, seen);
  }
  if (sendsReading(program, call, name)) return 'request';
  const targets = targetsOf(program, callee);
  if (targets.length > 0 && targets.every((each) => onlyReads(program, each, depth, seen)))
    return 'definition';
  if (READS.test(name) && !mayBeAnything(program, call, name)) return 'name';
  return chainNames(program, callee).some((each) => QUERIES.test(each)) ? 'name' : undefined;
}

/** All that a function waits for or hands on only reads. */
function onlyReads(program: SourceProgram, fn: ts.Node, depth: number, seen: Set<ts.Node>): boolean {
  if (seen.has(fn)) return true;
  if (depth === 0) return false;
  seen.add(fn);
  const { calls, opaque } = waitedFor(program, fn);
  return !opaque && calls.every((call) => evidenceFor(program, call, depth - 1, seen) !== undefined);
}

/**
 * Calls in a node, functions within it included, whose answer is waited for or handed on; those that plainly give no
 * promise are left out. `opaque` where a promise is made by hand.
 */
export function waitedFor(
  program: SourceProgram,
  within: ts.Node,
): { readonly calls: readonly CallLike[]; readonly opaque: boolean } {
  const t = program.ts;
  const calls = new Set<CallLike>();
  let opaque = false;
  const handedOn = (expression: ts.Expression | undefined): void => {
    if (expression === undefined) return;
    for (const call of awaitedCalls(program, expression)) if (mayPromise(program, call)) calls.add(call);
  };
  const walk = (node: ts.Node): void => {
    if (t.isAwaitExpression(node)) for (const call of awaitedCalls(program, node.expression)) calls.add(call);
    else if (t.isReturnStatement(node)) handedOn(node.expression);
    else if (t.isArrowFunction(node) && !t.isBlock(node.body)) handedOn(node.body);
    else if (t.isCallExpression(node) && isPromise(program, node)) handedOn(node);
    else if (t.isNewExpression(node) && node.expression.getText() === 'Promise') opaque = true;
    t.forEachChild(node, walk);
  };
  walk(within);
  return { calls: [...calls], opaque };
}

function isPromise({ checker }: SourceProgram, call: ts.CallExpression): boolean {
  return checker.getTypeAtLocation(call).getProperty('then') !== undefined;
}

function mayPromise(program: SourceProgram, call: CallLike): boolean {
  const t = program.ts;
  const type = program.checker.getTypeAtLocation(call);
  if ((type.flags & (t.TypeFlags.Any | t.TypeFlags.Unknown)) !== 0)
    return t.isTaggedTemplateExpression(call) || !isTame(program, call);
  return type.getProperty('then') !== undefined || type.isUnion();
}

function sendsReading(program: SourceProgram, call: CallLike, name: string): boolean {
  const t = program.ts;
  if (t.isTaggedTemplateExpression(call)) return readsBySql(call.template.getText().slice(1));
  const [first, ...more] = call.arguments;
  if (first === undefined) return false;
  const sql = literalText(program, first);
  if (sql !== undefined && readsBySql(sql)) return true;
  if (!REQUESTS.test(name)) return false;
  const options = t.isObjectLiteralExpression(first) ? [first, ...more] : more;
  return options.every(
    (each) =>
      t.isObjectLiteralExpression(each) &&
      each.properties.every((property) => {
        if (t.isSpreadAssignment(property)) return false;
        const key = property.name.getText();
        if (key === 'method')
          return (
            t.isPropertyAssignment(property) && /^['"](GET|HEAD)['"]$/i.test(property.initializer.getText())
          );
        return !/^(body|data|json)$/.test(key);
      }),
  );
}

const readsBySql = (sql: string): boolean => SQL_READS.test(sql) && !SQL_CHANGES.test(sql);

/** A text that stands in the call or in a constant that it names; of a template all but its expressions. */
export function literalText(program: SourceProgram, node: ts.Expression): string | undefined {
  const t = program.ts;
  if (t.isStringLiteralLike(node)) return node.text;
  if (t.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map(({ literal }) => literal.text).join(' ? ');
  if (!t.isIdentifier(node)) return undefined;
  const declaration = program.checker.getSymbolAtLocation(node)?.valueDeclaration;
  if (declaration === undefined || !t.isVariableDeclaration(declaration)) return undefined;
  const { initializer } = declaration;
  const constant = (program.ts.getCombinedNodeFlags(declaration) & t.NodeFlags.Const) !== 0;
  if (!constant || initializer === undefined || t.isIdentifier(initializer)) return undefined;
  return literalText(program, initializer);
}

/** `query(sql)` of a text that cannot be seen reads or writes. */
function mayBeAnything(program: SourceProgram, call: CallLike, name: string): boolean {
  if (name !== 'query' || program.ts.isTaggedTemplateExpression(call)) return false;
  const [first] = call.arguments;
  return first !== undefined && !program.ts.isObjectLiteralExpression(first);
}

/** Names of the methods that are called before the last one of a chain. */
function chainNames(program: SourceProgram, callee: ts.Expression): readonly string[] {
  const t = program.ts;
  const names: string[] = [];
  let at: ts.Expression = callee;
  while (t.isPropertyAccessExpression(at) || t.isCallExpression(at)) {
    if (t.isCallExpression(at) && t.isPropertyAccessExpression(at.expression))
      names.push(at.expression.name.text);
    at = at.expression;
  }
  return names;
}
