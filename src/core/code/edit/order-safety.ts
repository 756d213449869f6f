import { reachableFrom } from '../analyse/reach.ts';
import { targetsOf } from '../analyse/call-targets.ts';
import type { CallLike } from '../analyse/await-in-loop.ts';
import type { SourceProgram } from '../program-files.ts';
import type { ts } from '../ts.ts';
import { functionAround } from './loop-flow.ts';
import { literalText } from './read-evidence.ts';
import { declaredWithin, isAssignment, rootOf } from './writes.ts';

/** How far a called function is followed. */
const DEPTH = 3;

const WRITES =
  /^(save|insert|update|upsert|delete|remove|destroy|create|add|append|put|post|patch|send|publish|emit|enqueue|push|write|set|store|persist|commit|rollback|charge|pay|refund|reserve|release|lock|unlock|acquire|increment|decrement|register|migrate|upload|move|rename|copy|drop|truncate|exec|execute|run|apply|process|notify|mail|next|open|close|mkdir|unlink|rm|click|fill|goto|assert|expect|flush|clear|seed|import|relate|unrelate|attach|detach|dispatch|trigger|bulk(Create|Write|Insert|Update|Delete))(?![a-z])/;
/** `findOneAndUpdate`, `getOrCreate`. */
const ALSO_WRITES =
  /(And|Or)(Create|Update|Delete|Remove|Insert|Upsert|Replace|Set|Save|Store|Add|Modify|Increment|Lock)(?![a-z])/;
const PACES = /^(sleep|delay|wait|pause|throttle|backoff|setTimeout|setImmediate|nextTick)(?![a-z])/;
const METHODS = /^(POST|PUT|PATCH|DELETE)$/i;
const SQL_WRITES = /^\s*(insert|update|delete|merge|replace|create|drop|alter|truncate|begin|commit)\b/i;
const TRANSACTION = /^(tx|trx|transaction|transacting|queryRunner)$/i;
const SESSION = /^(session|transaction|transacting|queryRunner)$/;

/** Why the rounds' order may matter to a call, in one sentence; undefined where nothing speaks for it. */
export function orderProblem(
  program: SourceProgram,
  call: CallLike,
  loop: ts.ForOfStatement,
): string | undefined {
  const t = program.ts;
  const callee = t.isTaggedTemplateExpression(call) ? call.tag : call.expression;
  const text = callee.getText();
  const own = ownProblem(program, call, callee, loop);
  if (own !== undefined) return own;
  const around = functionAround(program, loop);
  for (const target of targetsOf(program, callee)) {
    for (const { node } of reachableFrom(program, target, DEPTH)) {
      if (node === around) return `${short(text)} leads back to this loop, so that the bound would multiply.`;
      const deep = deepProblem(program, node);
      if (deep !== undefined) return `${short(text)} ${deep}, whose order may matter.`;
    }
  }
  return undefined;
}

function ownProblem(
  program: SourceProgram,
  call: CallLike,
  callee: ts.Expression,
  loop: ts.ForOfStatement,
): string | undefined {
  const t = program.ts;
  const text = callee.getText();
  const name = lastName(text);
  if (t.isIdentifier(callee) && declaredWithin(program, callee, loop.initializer)) {
    return `${short(text)} comes from the items, so nothing is known of what it does.`;
  }
  if (PACES.test(name)) return `${short(text)} paces the rounds, so they are meant to follow each other.`;
  if (looksLikeWrite(name)) return `${short(text)} looks like a write, whose order may matter.`;
  if (writesByLiteral(program, call)) return `${short(text)} sends a write, whose order may matter.`;
  const parts = t.isCallExpression(call) ? [call.expression, ...call.arguments] : [call.tag];
  if (parts.some((part) => TRANSACTION.test(rootText(program, part)) || takesSession(program, part))) {
    return `${short(text)} works in a transaction, whose connection takes one call at a time.`;
  }
  return undefined;
}

const looksLikeWrite = (name: string): boolean => WRITES.test(name) || ALSO_WRITES.test(name);

/** `{ session }` */
const takesSession = ({ ts: t }: SourceProgram, part: ts.Node): boolean =>
  t.isObjectLiteralExpression(part) &&
  part.properties.some(({ name }) => name !== undefined && SESSION.test(name.getText()));

const rootText = (program: SourceProgram, expression: ts.Expression): string => {
  const root = rootOf(program, expression);
  return root === undefined ? '' : root.getText();
};

/** What follows "callee ..." in a sentence. */
function deepProblem(program: SourceProgram, fn: ts.Node): string | undefined {
  const t = program.ts;
  let problem: string | undefined;
  const walk = (node: ts.Node): void => {
    if (problem !== undefined) return;
    if (t.isCallExpression(node)) {
      const text = node.expression.getText();
      const name = lastName(text);
      if (looksLikeWrite(name) && !onOwnValue(program, node.expression, fn))
        problem = `calls ${short(text)}, which looks like a write`;
      else if (writesByLiteral(program, node)) problem = `sends a write by ${short(text)}`;
    } else if (t.isTaggedTemplateExpression(node) && writesByLiteral(program, node))
      problem = 'sends a write';
    else {
      const target = assignedBy(program, node);
      const root = target === undefined ? undefined : rootOf(program, target);
      if (target !== undefined && (root === undefined || !declaredWithin(program, root, fn))) {
        problem = `changes ${short(target.getText())}`;
      }
    }
    t.forEachChild(node, walk);
  };
  walk(fn);
  return problem;
}

/** Left side of an assignment, operand of `++`. */
function assignedBy(program: SourceProgram, node: ts.Node): ts.Expression | undefined {
  const t = program.ts;
  if (isAssignment(program, node)) return node.left;
  if (!t.isPrefixUnaryExpression(node) && !t.isPostfixUnaryExpression(node)) return undefined;
  return node.operator === t.SyntaxKind.PlusPlusToken || node.operator === t.SyntaxKind.MinusMinusToken
    ? node.operand
    : undefined;
}

/** A method of a value that the function made itself, such as `rows.push(...)`. */
function onOwnValue(program: SourceProgram, callee: ts.Expression, fn: ts.Node): boolean {
  if (!program.ts.isPropertyAccessExpression(callee)) return false;
  const root = rootOf(program, callee.expression);
  return root !== undefined && declaredWithin(program, root, fn);
}

function writesByLiteral(program: SourceProgram, call: CallLike): boolean {
  const t = program.ts;
  if (t.isTaggedTemplateExpression(call)) return SQL_WRITES.test(call.template.getText().slice(1));
  return call.arguments.some((argument) => {
    const text = literalText(program, argument);
    if (text !== undefined) return METHODS.test(text) || SQL_WRITES.test(text);
    if (!t.isObjectLiteralExpression(argument)) return false;
    return argument.properties.some(
      (property) =>
        t.isPropertyAssignment(property) &&
        property.name.getText() === 'method' &&
        t.isStringLiteralLike(property.initializer) &&
        METHODS.test(property.initializer.text),
    );
  });
}

const lastName = (callee: string): string => /([\w$]+)\W*$/.exec(callee)?.[1] ?? '';

/** The beginning of a text, on one line. */
export const short = (text: string): string => {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
};

/** A call in the body that is given the whole collection. */
export function takerOf(program: SourceProgram, loop: ts.ForOfStatement): string | undefined {
  const t = program.ts;
  const collection = loop.expression.getText().replace(/\.(entries|keys|values)\(\)$/, '');
  let taker: string | undefined;
  const walk = (node: ts.Node): void => {
    if (t.isCallExpression(node) && node.arguments.some((each) => each.getText() === collection))
      taker ??= short(node.expression.getText());
    t.forEachChild(node, walk);
  };
  walk(loop.statement);
  return taker;
}
