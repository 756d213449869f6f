import type { Position } from '../../model/handler.ts';
import type { LoopAwait } from '../analysis.ts';
import type { SourceProgram } from '../program-files.ts';
import type { ts } from '../ts.ts';
import { targetsOf } from './call-targets.ts';
import { reachableFrom } from './reach.ts';
import { functionAt, siteOf } from './sites.ts';

/** How many calls deep loops are looked for, and literals beneath an awaited call. */
const LOOP_DEPTH = 6;
const LITERAL_DEPTH = 3;
const MOST_LITERALS = 80;

/**
 * Awaited calls in loops of every function reachable from the one at `start`, nearest first; each belongs to its innermost
 * loop. Not covered: `for await`, chains made by `reduce`, and what a library calls back.
 */
export function awaitsInLoops(program: SourceProgram, file: string, start: Position): readonly LoopAwait[] {
  const source = program.fileAt(file);
  const from = source === undefined ? undefined : functionAt(program, source, start);
  if (from === undefined) return [];
  return reachableFrom(program, from, LOOP_DEPTH).flatMap(({ node, via }) =>
    loopAwaitsIn(program, node).map(({ loop, call }) => {
      const callee = program.ts.isTaggedTemplateExpression(call) ? call.tag : call.expression;
      const definition = targetsOf(program, callee)[0];
      return {
        loop: siteOf(program, loop),
        call: siteOf(program, call),
        callee: callee.getText(),
        ...(definition !== undefined && { definition: siteOf(program, definition) }),
        literals: literalsBeneath(program, call, definition),
        via,
      };
    }),
  );
}

/** An expression that calls something. */
export type CallLike = ts.CallExpression | ts.TaggedTemplateExpression;

interface Found {
  readonly loop: ts.IterationStatement;
  readonly call: CallLike;
}

function loopAwaitsIn(program: SourceProgram, from: ts.Node): readonly Found[] {
  const t = program.ts;
  const found: Found[] = [];
  const walk = (node: ts.Node, loop: ts.IterationStatement | undefined): void => {
    if (loop !== undefined && t.isAwaitExpression(node)) {
      for (const call of awaitedCalls(program, node.expression)) found.push({ loop, call });
    }
    if (t.isFunctionLike(node) && node !== from) {
      t.forEachChild(node, (child) => walk(child, undefined));
    } else if (t.isIterationStatement(node, false)) {
      for (const [child, repeated] of partsOf(program, node)) walk(child, repeated ? node : loop);
    } else t.forEachChild(node, (child) => walk(child, loop));
  };
  walk(from, undefined);
  return found;
}

/** Parts of a loop, and whether they run once per round. */
function partsOf(
  program: SourceProgram,
  loop: ts.IterationStatement,
): readonly (readonly [ts.Node, boolean])[] {
  const t = program.ts;
  if (t.isForOfStatement(loop) || t.isForInStatement(loop)) {
    const covered = !t.isForOfStatement(loop) || loop.awaitModifier === undefined;
    return [
      [loop.expression, false],
      [loop.statement, covered],
    ];
  }
  const parts: (readonly [ts.Node, boolean])[] = [];
  if (t.isForStatement(loop)) {
    if (loop.initializer !== undefined) parts.push([loop.initializer, false]);
    if (loop.condition !== undefined) parts.push([loop.condition, true]);
    if (loop.incrementor !== undefined) parts.push([loop.incrementor, true]);
  } else if (t.isWhileStatement(loop) || t.isDoStatement(loop)) parts.push([loop.expression, true]);
  return [...parts, [loop.statement, true]];
}

/** The calls that an `await` waits for; none for `Promise.all` and its like, which wait for many at once. */
export function awaitedCalls(program: SourceProgram, expression: ts.Expression): readonly CallLike[] {
  const t = program.ts;
  if (
    t.isParenthesizedExpression(expression) ||
    t.isAsExpression(expression) ||
    t.isNonNullExpression(expression)
  ) {
    return awaitedCalls(program, expression.expression);
  }
  if (t.isConditionalExpression(expression)) {
    return [expression.whenTrue, expression.whenFalse].flatMap((each) => awaitedCalls(program, each));
  }
  if (t.isBinaryExpression(expression)) {
    return [expression.left, expression.right].flatMap((each) => awaitedCalls(program, each));
  }
  if (t.isTaggedTemplateExpression(expression)) return [expression];
  if (!t.isCallExpression(expression)) return [];
  return /^Promise\.\w+$/.test(expression.expression.getText()) ? [] : [expression];
}

function literalsBeneath(
  program: SourceProgram,
  call: CallLike,
  definition: ts.Node | undefined,
): readonly string[] {
  const literals = new Set<string>();
  collectLiterals(program, call, literals);
  if (definition !== undefined) {
    for (const { node } of reachableFrom(program, definition, LITERAL_DEPTH))
      collectLiterals(program, node, literals);
  }
  return [...literals].slice(0, MOST_LITERALS);
}

function collectLiterals(program: SourceProgram, node: ts.Node, into: Set<string>): void {
  const t = program.ts;
  const walk = (at: ts.Node): void => {
    if (t.isTypeNode(at)) return;
    if (t.isStringLiteralLike(at) || t.isTemplateHead(at) || t.isTemplateMiddleOrTemplateTail(at)) {
      if (/\w/.test(at.text)) into.add(at.text);
    }
    t.forEachChild(at, walk);
  };
  walk(node);
}
