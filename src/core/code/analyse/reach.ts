import type { SourceProgram } from '../program-files.ts';
import type { ts } from '../ts.ts';
import { targetsOf } from './call-targets.ts';
import { symbolOf } from './sites.ts';

/** A function with the way to it from where the walk began. */
export interface Reached {
  readonly node: ts.Node;
  /** Qualified names, the first function and this one included. */
  readonly via: readonly string[];
}

/** Functions of the workspace reachable through at most `depth` calls, nearest first and each once; `from` comes first. */
export function reachableFrom(program: SourceProgram, from: ts.Node, depth: number): readonly Reached[] {
  const reached: Reached[] = [{ node: from, via: [symbolOf(program, from)] }];
  const seen = new Set<ts.Node>([from]);
  // A list that grows while it is walked: breadth first.
  for (const { node, via } of reached) {
    if (via.length > depth) continue;
    for (const target of calledIn(program, node)) {
      if (seen.has(target) || isWithin(target, node)) continue;
      seen.add(target);
      reached.push({ node: target, via: [...via, symbolOf(program, target)] });
    }
  }
  return reached;
}

/** Functions that the code of a node calls, or hands on to somebody who will, in the order of the text. */
function calledIn(program: SourceProgram, node: ts.Node): readonly ts.Node[] {
  const t = program.ts;
  const found: ts.Node[] = [];
  const walk = (at: ts.Node): void => {
    if (t.isCallExpression(at)) {
      found.push(...targetsOf(program, at.expression));
      for (const argument of at.arguments) {
        if (t.isIdentifier(argument) || t.isPropertyAccessExpression(argument)) {
          found.push(...targetsOf(program, argument));
        }
      }
    } else if (t.isTaggedTemplateExpression(at)) found.push(...targetsOf(program, at.tag));
    t.forEachChild(at, walk);
  };
  t.forEachChild(node, walk);
  // The node itself may be a call: a handler made by a wrapper.
  if (t.isCallExpression(node))
    found.push(...node.arguments.flatMap((argument) => targetsOf(program, argument)));
  return found;
}

function isWithin(node: ts.Node, around: ts.Node): boolean {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent) if (at === around) return true;
  return false;
}
