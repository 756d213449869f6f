import type { SourceProgram } from '../program-files.ts';
import type { ts } from '../ts.ts';

/** Visits a node and what it runs itself, not the functions within it. */
export function walkOwn(program: SourceProgram, node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  program.ts.forEachChild(node, (child) => {
    if (!program.ts.isFunctionLike(child)) walkOwn(program, child, visit);
  });
}

export function awaits(program: SourceProgram, node: ts.Node): boolean {
  let found = false;
  walkOwn(program, node, (at) => {
    found ||= program.ts.isAwaitExpression(at);
  });
  return found;
}

/** Statements that leave the round early: `continue` of this loop, and why the others cannot be kept. */
export function earlyExits(
  program: SourceProgram,
  loop: ts.ForOfStatement,
): { readonly continues: readonly ts.Node[]; readonly problem?: string } {
  const t = program.ts;
  const continues: ts.Node[] = [];
  let problem: string | undefined;
  const walk = (node: ts.Node, inLoop: boolean, inSwitch: boolean): void => {
    if (t.isFunctionLike(node)) return;
    if (t.isReturnStatement(node))
      problem ??= 'A round may return from the function, after which no further call is made.';
    else if (t.isBreakStatement(node) && (node.label !== undefined || !(inLoop || inSwitch))) {
      problem ??= 'A round may end the loop by break, after which no further call is made.';
    } else if (t.isContinueStatement(node)) {
      if (node.label !== undefined) problem ??= 'A round may continue at a label.';
      else if (!inLoop) continues.push(node);
    } else if (t.isYieldExpression(node)) problem ??= 'The rounds yield values one by one.';
    else if (t.isForOfStatement(node) && node.awaitModifier !== undefined) {
      problem ??= 'A round reads an asynchronous iteration (for await).';
    } else if (t.isVariableDeclarationList(node) && (node.flags & t.NodeFlags.BlockScoped) === 0) {
      problem ??= 'The loop declares a var, which rounds side by side would share.';
    }
    const loops = t.isIterationStatement(node, false);
    t.forEachChild(node, (child) => walk(child, inLoop || loops, inSwitch || t.isSwitchStatement(node)));
  };
  walk(loop.statement, false, false);
  return { continues, ...(problem !== undefined && { problem }) };
}

/** The function around a node; undefined at the top of a module. */
export function functionAround(program: SourceProgram, node: ts.Node): ts.SignatureDeclaration | undefined {
  for (let at: ts.Node | undefined = node.parent; at !== undefined; at = at.parent) {
    if (program.ts.isFunctionLike(at)) return at;
  }
  return undefined;
}

/** The blocks of `try` statements around a node within its function: a failure in one is caught or seen there. */
export function triesAround(program: SourceProgram, node: ts.Node): ReadonlySet<ts.Node> {
  const t = program.ts;
  const found = new Set<ts.Node>();
  for (let at = node; at.parent !== undefined && !t.isFunctionLike(at); at = at.parent) {
    if (t.isTryStatement(at.parent) && at.parent.tryBlock === at) found.add(at);
  }
  return found;
}
