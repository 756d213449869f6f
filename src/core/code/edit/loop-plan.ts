import { unwrapped } from '../analyse/call-targets.ts';
import type { SourceProgram } from '../program-files.ts';
import type { ts } from '../ts.ts';
import { gatheredBy, type Gathered } from './gathered.ts';
import { awaits, earlyExits, functionAround, triesAround, walkOwn } from './loop-flow.ts';
import { orderProblem, short, takerOf } from './order-safety.ts';
import { carriedNames, tailProblem } from './loop-tail.ts';
import { readEvidence, waitedFor } from './read-evidence.ts';
import { mentions, symbolOfName, writesIn, type Write } from './writes.ts';

/** How the rounds of a loop can be taken apart. */
export interface LoopPlan {
  readonly loop: ts.ForOfStatement;
  readonly binding: ts.BindingName;
  readonly statements: readonly ts.Statement[];
  readonly continues: readonly ts.Node[];
  /** Called expressions that nothing but their name shows to read only. */
  readonly byName: readonly string[];
  readonly form:
    | { readonly k: 'each' }
    | Gathered
    /** The last statement adds what its round found to an array, a Map or a Set. */
    | { readonly k: 'collect'; readonly call: ts.CallExpression; readonly target: ts.Identifier }
    /** The statements from `at` on do not wait and run round after round; they need these names, or the value of `hole`. */
    | {
        readonly k: 'tail';
        readonly at: number;
        readonly names: readonly string[];
        readonly hole?: ts.AwaitExpression;
      };
}

/** The plan for a loop, or the reason against it as one sentence. */
export function planLoop(program: SourceProgram, loop: ts.IterationStatement): LoopPlan | string {
  const t = program.ts;
  if (t.isForInStatement(loop)) return 'A for...in loop goes through the names of all prototypes, too.';
  if (!t.isForOfStatement(loop)) return 'The loop decides round by round how it goes on.';
  if (loop.awaitModifier !== undefined) return 'The loop reads an asynchronous iteration (for await).';
  if (t.isLabeledStatement(loop.parent))
    return 'The loop has a label, so other code may leave or continue it.';
  const binding = bindingOf(program, loop);
  if (binding === undefined) return 'The loop assigns to a variable that lives longer than a round.';
  if (isGenerator(program, loop)) return 'The loop stands in a generator.';
  const exits = earlyExits(program, loop);
  if (exits.problem !== undefined) return exits.problem;
  const items = itemsProblem(program, loop.expression);
  if (items !== undefined) return items;
  const statements = t.isBlock(loop.statement) ? [...loop.statement.statements] : [loop.statement];
  const base = { loop, binding, statements, continues: exits.continues };
  return planBody(program, base);
}

type Base = Omit<LoopPlan, 'form' | 'byName'>;

function planBody(program: SourceProgram, base: Base): LoopPlan | string {
  const { loop, statements } = base;
  const writes = writesIn(program, loop);
  const form = formOf(program, base, writes);
  if (typeof form === 'string') return form;
  const targets = new Set<ts.Symbol>();
  for (const { target, on } of writes) {
    if (on === 'item') continue;
    const problem = localProblem(program, loop, target);
    if (problem !== undefined) return problem;
    const symbol = program.ts.isIdentifier(target) ? symbolOfName(program, target) : undefined;
    if (symbol !== undefined) targets.add(symbol);
  }
  if (mentions(program, loop.expression, targets)) return 'A round changes what the loop goes through.';
  const taker = takerOf(program, loop);
  if (taker !== undefined) return `${taker} is handed what the loop goes through, and may change it.`;
  const parts = concurrentParts(base, form);
  if (form.k !== 'gather' && parts.some((part) => mentions(program, part, targets))) {
    return 'What a round does depends on what the rounds before it left behind.';
  }
  if (writes.some(({ on }) => on === 'item') && readsOtherItems(program, loop)) {
    return 'A round changes its item while others may read it.';
  }
  const byName = new Set<string>();
  const pushes = new Set<ts.Node>(form.k === 'gather' ? form.pushes : []);
  let waits = false;
  for (const part of parts) {
    const { calls } = waitedFor(program, part);
    waits ||= calls.length > 0;
    const problem = callProblem(program, part, loop, new Set([...calls, ...pushes]), pushes);
    if (problem !== undefined) return problem;
    for (const call of calls) {
      const callee = short(
        (program.ts.isTaggedTemplateExpression(call) ? call.tag : call.expression).getText(),
      );
      const evidence = readEvidence(program, call);
      if (evidence === undefined) return `Nothing shows that ${callee} only reads, so its order may matter.`;
      if (evidence === 'name') byName.add(callee);
    }
  }
  if (!waits) return 'What the loop waits for was started before: its rounds wait side by side already.';
  const whole = form.k === 'each' || form.k === 'gather';
  if (!whole && base.continues.some((node) => parts.some((part) => contains(part, node)))) {
    return 'A round may skip its result by continue before everything is awaited.';
  }
  if (form.k === 'tail') {
    const problem = tailProblem(program, statements.slice(form.at), form.hole);
    if (problem !== undefined) return problem;
  }
  return { ...base, form, byName: [...byName] };
}

function formOf(program: SourceProgram, base: Base, writes: readonly Write[]): LoopPlan['form'] | string {
  const t = program.ts;
  const { statements } = base;
  const outer = writes.filter((write) => write.on === 'outer' && !isOwnPlace(program, base, write));
  if (outer.length === 0) return { k: 'each' };
  const last = statements.at(-1);
  const [only] = outer;
  if (
    outer.length === 1 &&
    last !== undefined &&
    t.isExpressionStatement(last) &&
    only?.node === last.expression
  ) {
    const { expression } = last;
    if (t.isCallExpression(expression) && isCollecting(program, expression)) {
      const { expression: target } = expression.expression as ts.PropertyAccessExpression;
      if (t.isIdentifier(target)) return { k: 'collect', call: expression, target };
    }
  }
  const lastAwait = statements.findLastIndex((statement) => awaits(program, statement));
  const statement = statements[lastAwait];
  const early = outer.find(({ node }) => statements.slice(0, lastAwait).some((each) => contains(each, node)));
  const gathered = gatheredBy(program, base.loop, outer);
  if (early !== undefined) return gathered ?? sharedChange(early);
  const within = outer.filter(({ node }) => statement !== undefined && contains(statement, node));
  if (within.length === 0) {
    const at = lastAwait + 1;
    const names = carriedNames(program, base.loop, statements.slice(0, at), statements.slice(at));
    return typeof names === 'string' ? names : { k: 'tail', at, names };
  }
  // `total += await price(line)`: the awaited value alone is fetched side by side.
  if (
    statement !== undefined &&
    t.isExpressionStatement(statement) &&
    isAwaitedAssignment(program, statement.expression)
  ) {
    const hole = statement.expression.right;
    const [head, tail] = [statements.slice(0, lastAwait), statements.slice(lastAwait)];
    const names = carriedNames(program, base.loop, head, tail, hole);
    if (typeof names === 'string') return names;
    return { k: 'tail', at: lastAwait, names, hole };
  }
  return gathered ?? sharedChange(within[0]);
}

/** `rows[index] = ...` in a loop over `.entries()`, where nothing else in the body looks at `rows`. */
function isOwnPlace(program: SourceProgram, { loop, binding }: Base, { target }: Write): boolean {
  const t = program.ts;
  if (!t.isElementAccessExpression(target) || !t.isArrayBindingPattern(binding)) return false;
  const [first] = binding.elements;
  if (first === undefined || !t.isBindingElement(first) || !t.isIdentifier(first.name)) return false;
  if (!loop.expression.getText().endsWith('.entries()')) return false;
  const { expression: collection, argumentExpression: index } = target;
  if (!t.isIdentifier(collection) || !t.isIdentifier(index)) return false;
  if (symbolOfName(program, index) !== symbolOfName(program, first.name)) return false;
  const symbol = symbolOfName(program, collection);
  let uses = 0;
  const walk = (node: ts.Node): void => {
    if (t.isIdentifier(node) && symbolOfName(program, node) === symbol) uses++;
    t.forEachChild(node, walk);
  };
  walk(loop.statement);
  return symbol !== undefined && uses === 1;
}

const sharedChange = (write: Write | undefined): string =>
  `A round changes ${write?.target.getText().slice(0, 40) ?? 'something'} between its awaits, where the order of rounds may matter.`;

function isAwaitedAssignment(
  program: SourceProgram,
  expression: ts.Expression,
): expression is ts.BinaryExpression & { readonly right: ts.AwaitExpression } {
  return (
    program.ts.isBinaryExpression(expression) &&
    program.ts.isAwaitExpression(expression.right) &&
    !awaits(program, expression.left) &&
    !awaits(program, expression.right.expression)
  );
}

/** `rows.push(row)`, `byId.set(id, row)`, `seen.add(id)` with nothing spread. */
function isCollecting(program: SourceProgram, call: ts.CallExpression): boolean {
  const t = program.ts;
  if (!t.isPropertyAccessExpression(call.expression) || call.arguments.some(t.isSpreadElement)) return false;
  const wanted = { push: 1, add: 1, set: 2 }[call.expression.name.text];
  return wanted === call.arguments.length;
}

/** What will run side by side. */
function concurrentParts(base: Base, form: LoopPlan['form']): readonly ts.Node[] {
  const { statements } = base;
  if (form.k === 'each' || form.k === 'gather') return statements;
  if (form.k === 'collect') return [...statements.slice(0, -1), ...form.call.arguments];
  return [...statements.slice(0, form.at), ...(form.hole === undefined ? [] : [form.hole])];
}

function callProblem(
  program: SourceProgram,
  part: ts.Node,
  loop: ts.ForOfStatement,
  awaited: ReadonlySet<ts.Node>,
  own: ReadonlySet<ts.Node>,
): string | undefined {
  const t = program.ts;
  let problem: string | undefined;
  const walk = (node: ts.Node): void => {
    if (problem !== undefined) return;
    if (
      t.isExpressionStatement(node) &&
      t.isCallExpression(node.expression) &&
      !awaited.has(node.expression)
    ) {
      problem = `${node.expression.expression.getText().slice(0, 40)} is called for its effect, whose order may matter.`;
    }
    if ((t.isCallExpression(node) || t.isTaggedTemplateExpression(node)) && !own.has(node))
      problem ??= orderProblem(program, node, loop);
    t.forEachChild(node, walk);
  };
  walk(part);
  return problem;
}

function bindingOf(program: SourceProgram, loop: ts.ForOfStatement): ts.BindingName | undefined {
  const t = program.ts;
  const { initializer } = loop;
  if (!t.isVariableDeclarationList(initializer) || (initializer.flags & t.NodeFlags.BlockScoped) === 0)
    return undefined;
  return initializer.declarations[0]?.name;
}

function isGenerator(program: SourceProgram, loop: ts.Node): boolean {
  const around = functionAround(program, loop);
  return around !== undefined && 'asteriskToken' in around && around.asteriskToken !== undefined;
}

const READY =
  /^(Array|ReadonlyArray|Set|ReadonlySet|Map|ReadonlyMap|ArrayIterator|SetIterator|MapIterator|IterableIterator|StringIterator)$/;

/** Items must be there before the loop begins. */
function itemsProblem(program: SourceProgram, items: ts.Expression): string | undefined {
  const { checker } = program;
  const t = program.ts;
  const type = checker.getTypeAtLocation(items);
  if (checker.isArrayLikeType(type) || (type.flags & (t.TypeFlags.StringLike | t.TypeFlags.Any)) !== 0)
    return undefined;
  const name = type.getSymbol()?.name ?? '';
  const bare = unwrapped(program, items);
  const called = t.isCallExpression(bare) && /\.(entries|keys|values)$/.test(bare.expression.getText());
  if (READY.test(name) && (called || !name.endsWith('Iterator'))) return undefined;
  if (type.isUnion() && type.types.every((each) => checker.isArrayLikeType(each))) return undefined;
  return `${items.getText().slice(0, 40)} may make its items one by one while the loop runs.`;
}

/** A failure must leave nothing half done that somebody can see. */
function localProblem(
  program: SourceProgram,
  loop: ts.ForOfStatement,
  target: ts.Expression,
): string | undefined {
  const t = program.ts;
  const text = target.getText().slice(0, 40);
  const base = t.isElementAccessExpression(target) ? target.expression : target;
  const declaration = t.isIdentifier(base) ? symbolOfName(program, base)?.valueDeclaration : undefined;
  if (declaration === undefined || !t.isVariableDeclaration(declaration)) {
    return `${text} is not a variable of this function, so others may see what a round does to it.`;
  }
  if (functionAround(program, declaration) !== functionAround(program, loop)) {
    return `${text} belongs to the code around the function, so others may see what a round does to it.`;
  }
  const outer = triesAround(program, declaration);
  if ([...triesAround(program, loop)].some((block) => !outer.has(block))) {
    return `${text} is collected within a try, and what it holds after a failure may be used.`;
  }
  return undefined;
}

/** True where the body looks at the collection itself, not only at its item. */
function readsOtherItems(program: SourceProgram, loop: ts.ForOfStatement): boolean {
  const symbols = new Set<ts.Symbol>();
  walkOwn(program, loop.expression, (node) => {
    if (!program.ts.isIdentifier(node)) return;
    const symbol = symbolOfName(program, node);
    if (symbol?.valueDeclaration !== undefined && program.ts.isVariableDeclaration(symbol.valueDeclaration))
      symbols.add(symbol);
  });
  return mentions(program, loop.statement, symbols);
}

const contains = (outer: ts.Node, inner: ts.Node): boolean =>
  outer.pos <= inner.pos && inner.end <= outer.end;
