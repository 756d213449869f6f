import type { SourceProgram } from '../program-files.ts';
import type { ts } from '../ts.ts';
import type { Gathered } from './gathered.ts';
import type { LoopPlan } from './loop-plan.ts';
import { mergeable } from './merge-declaration.ts';
import { indentAt, reindented, type Style } from './style.ts';
import { edited, freeName, type TextEdit } from './text-edit.ts';

export interface Rendering {
  readonly style: Style;
  readonly typed: boolean;
  readonly limit: number;
  /** Name of the function that runs rounds side by side. */
  readonly helper: string;
}

/** What is done for one item: an expression, or the lines of a function's body with braces. */
type Work =
  | { readonly k: 'value'; readonly text: string; readonly promise: boolean }
  | { readonly k: 'block'; readonly text: string };

/** The edits that put a plan into the file. */
export function renderLoop(
  program: SourceProgram,
  plan: LoopPlan,
  rendering: Rendering,
): readonly TextEdit[] {
  const { loop, form } = plan;
  if (form.k === 'each') return [replaced(loop, rounds(plan, rendering, '', eachWork(program, plan), ''))];
  if (form.k === 'gather') return [replaced(loop, gatherText(plan, form, rendering))];
  if (form.k === 'tail') return [replaced(loop, tailText(program, plan, form, rendering))];
  return collected(program, plan, form, rendering);
}

const replaced = (node: ts.Node, text: string): TextEdit => ({
  start: node.getStart(),
  end: node.getEnd(),
  text,
});

function collected(
  program: SourceProgram,
  plan: LoopPlan,
  form: Extract<LoopPlan['form'], { k: 'collect' }>,
  rendering: Rendering,
): readonly TextEdit[] {
  const { loop } = plan;
  const [first, second] = form.call.arguments;
  const merged = mergeable(program, loop, form.target);
  const target = form.target.text;
  const isMap = second !== undefined;
  const pair = isMap
    ? `[${textOf(first)}, ${textOf(second)}]${rendering.typed ? ' as const' : ''}`
    : undefined;
  const work = collectWork(program, plan, form, pair);
  const method = (form.call.expression as ts.PropertyAccessExpression).name.text;
  if (merged !== undefined) {
    const around = method === 'push' ? ['', ''] : [`${merged.made}(`, ')'];
    const text = rounds(plan, rendering, `${merged.declaration} = ${around[0]}`, work, around[1] ?? '');
    return [{ start: merged.start, end: loop.getEnd(), text }];
  }
  if (method === 'push') return [replaced(loop, rounds(plan, rendering, `${target}.push(...(`, work, '))'))];
  const name = freeName(loop, ['found', 'collected', 'answers']);
  const { indent, semicolon } = rendering.style;
  const outer = indentAt(loop.getSourceFile().text, loop.getStart());
  const taken = isMap ? '[key, value]' : 'value';
  const lines = [
    rounds(plan, rendering, `const ${name} = `, work, ''),
    `${outer}for (const ${taken} of ${name}) {`,
    `${outer}${indent}${target}.${method}(${isMap ? 'key, value' : 'value'})${semicolon}`,
    `${outer}}`,
  ];
  return [replaced(loop, lines.join('\n'))];
}

function eachWork(program: SourceProgram, plan: LoopPlan): Work {
  const t = program.ts;
  const { loop, statements, continues } = plan;
  const [only] = statements;
  if (statements.length === 1 && only !== undefined && t.isExpressionStatement(only) && isBare(loop, only)) {
    if (t.isAwaitExpression(only.expression)) return awaitedValue(program, plan, only.expression);
  }
  const { text } = loop.getSourceFile();
  const body = loop.statement;
  let block = text.slice(body.getStart(), body.getEnd());
  for (const node of continues.toReversed()) {
    const at = node.getStart() - body.getStart();
    block = `${block.slice(0, at)}return${block.slice(at + 'continue'.length)}`;
  }
  return { k: 'block', text: t.isBlock(body) ? block : `{ ${block} }` };
}

function collectWork(
  program: SourceProgram,
  plan: LoopPlan,
  form: Extract<LoopPlan['form'], { k: 'collect' }>,
  pair: string | undefined,
): Work {
  const { loop, statements } = plan;
  const last = statements.at(-1) ?? loop.statement;
  const [first] = form.call.arguments;
  if (first === undefined) throw new Error('a collecting call has an argument');
  const isAwait = pair === undefined && program.ts.isAwaitExpression(first);
  const inner = isAwait ? first.expression : first;
  if (statements.length === 1 && isBare(loop, last, [form.call.arguments.pos, form.call.arguments.end])) {
    if (pair !== undefined) return { k: 'value', text: pair, promise: false };
    if (isAwait) return awaitedValue(program, plan, first);
    const text = moved(first, indentAt(first.getSourceFile().text, loop.getStart()));
    return {
      k: 'value',
      text: program.ts.isObjectLiteralExpression(first) ? `(${text})` : text,
      promise: false,
    };
  }
  const source = loop.getSourceFile().text;
  const body = loop.statement;
  const own = indentAt(source, last.getStart());
  const value = pair ?? moved(inner, own);
  const semicolon = source[last.getEnd() - 1] === ';' ? ';' : '';
  const returned = `return ${value}${semicolon}`;
  const before = source.slice(body.getStart(), last.getStart());
  const after = source.slice(last.getEnd(), body.getEnd());
  return { k: 'block', text: program.ts.isBlock(body) ? before + returned + after : `{ ${returned} }` };
}

function gatherText(plan: LoopPlan, { target, pushes, type }: Gathered, rendering: Rendering): string {
  const { loop, statements, continues } = plan;
  const { indent, semicolon } = rendering.style;
  const body = loop.statement;
  const source = loop.getSourceFile().text;
  const outer = indentAt(source, loop.getStart());
  const name = freeName(loop, ['found', 'collected', 'answers']);
  const own = freeName(loop, ['own', 'ownRows', 'part']);
  const from = body.getStart();
  const text = edited(source.slice(from, body.getEnd()), [
    ...pushes.map((push) => ({
      start: push.getStart() - from,
      end: push.getStart() - from + target.text.length,
      text: own,
    })),
    ...continues.map((node) => ({
      start: node.getStart() - from,
      end: node.getStart() - from + 8,
      text: `return ${own}`,
    })),
  ]);
  const isBlock = text.startsWith('{');
  const [opening = '', ...lines] = isBlock ? text.slice(1, -1).split('\n') : ['', `${outer}${indent}${text}`];
  const inner =
    isBlock && lines.length > 0 && statements[0] !== undefined
      ? indentAt(source, statements[0].getStart())
      : outer + indent;
  const rest = lines.length === 0 ? `${inner}${opening.trim()}` : lines.join('\n').trimEnd();
  const block = [
    `{${lines.length === 0 ? '' : opening.trimEnd()}`,
    `${inner}const ${own}${type === '' ? '' : `: ${type}`} = []${semicolon}`,
    rest,
    `${inner}return ${own}${semicolon}`,
    `${outer}}`,
  ].join('\n');
  const work = rounds(plan, rendering, `const ${name} = `, { k: 'block', text: block }, '');
  return `${work}\n${outer}${target.text}.push(...${name}.flat())${semicolon}`;
}

function tailText(
  program: SourceProgram,
  plan: LoopPlan,
  form: Extract<LoopPlan['form'], { k: 'tail' }>,
  rendering: Rendering,
): string {
  const t = program.ts;
  const { loop, statements } = plan;
  const { indent, semicolon } = rendering.style;
  const source = loop.getSourceFile().text;
  const outer = indentAt(source, loop.getStart());
  const head = statements.slice(0, form.at);
  const name = freeName(loop, ['found', 'answers', 'rounds']);
  const held = freeName(loop, ['value', 'result', 'awaited']);
  const { hole } = form;
  const [first] = head;
  const headEnd = endOfLine(source, head.at(-1)?.getEnd());
  const declared =
    head.length === 1 && first !== undefined && t.isVariableStatement(first)
      ? first.declarationList.declarations
      : [];
  const [declaration] = declared;
  const open = t.isBlock(loop.statement) ? loop.statement.getStart() + 1 : undefined;
  let taken: string;
  let work: Work;
  if (hole !== undefined && head.length === 0 && form.names.length === 0) {
    taken = held;
    work = awaitedValue(program, plan, hole);
  } else if (
    hole === undefined &&
    declared.length === 1 &&
    declaration?.initializer !== undefined &&
    declaration.type === undefined &&
    headEnd === first?.getEnd() &&
    source.slice(open, first?.getStart()).trim() === '' &&
    t.isAwaitExpression(declaration.initializer) &&
    t.isIdentifier(declaration.name) &&
    form.names.length === 1 &&
    form.names[0] === declaration.name.text
  ) {
    taken = declaration.name.text;
    work = awaitedValue(program, plan, declaration.initializer);
  } else {
    const entries = [
      ...form.names,
      ...(hole === undefined ? [] : [`${held}: await ${moved(hole.expression, outer + indent)}`]),
    ];
    const names = [...form.names, ...(hole === undefined ? [] : [held])];
    taken = `{ ${names.join(', ')} }`;
    const made = `{ ${entries.join(', ')} }`;
    const before = head.length === 0 || open === undefined ? '' : source.slice(open, headEnd);
    work =
      head.length === 0
        ? { k: 'value', text: `(${made})`, promise: false }
        : { k: 'block', text: `{${before}\n${outer}${indent}return ${made}${semicolon}\n${outer}}` };
  }
  const from = headEnd ?? open ?? loop.statement.getStart();
  let rest = source.slice(from, loop.statement.getEnd()).replace(/^[\t ]*\r?\n(?:[\t ]*\r?\n)+/, '\n');
  if (hole !== undefined) {
    rest = source.slice(from, hole.getStart()) + held + source.slice(hole.getEnd(), loop.statement.getEnd());
  }
  const tail = open === undefined ? `{\n${outer}${indent}${rest}\n${outer}}` : `{${rest}`;
  return `${rounds(plan, rendering, `const ${name} = `, work, '')}\n${outer}for (const ${taken} of ${name}) ${tail}`;
}

/** The end of what a comment behind a statement adds to it. */
function endOfLine(source: string, end: number | undefined): number | undefined {
  if (end === undefined) return undefined;
  const comment = /^[\t ]*(?:\/\/[^\n\r]*|\/\*.*?\*\/(?=[\t ]*\r?\n))/.exec(source.slice(end));
  return end + (comment?.[0].length ?? 0);
}

/** The call of the helper as a statement; `before` and `after` stand around the awaited call. */
function rounds(plan: LoopPlan, rendering: Rendering, before: string, work: Work, after: string): string {
  const { style, helper, limit } = rendering;
  const { loop, binding } = plan;
  const outer = indentAt(loop.getSourceFile().text, loop.getStart());
  const head = `${before}await ${helper}(${textOf(loop.expression)}, ${limit}, `;
  const parameter = `(${textOf(binding)}) =>`;
  const close = `)${after}${style.semicolon}`;
  if (work.k === 'block') return `${head}async ${parameter} ${work.text}${close}`;
  const arrow = work.promise ? parameter : `async ${parameter}`;
  const oneLine = `${head}${arrow} ${work.text}${close}`;
  const [firstLine = ''] = oneLine.split('\n');
  const isOpen = !work.text.includes('\n') || /^(\(\{|\[|`)/.test(work.text);
  if (isOpen && outer.length + firstLine.length <= style.width) return oneLine;
  const inner = outer + style.indent;
  const opened = /^(.*(?:new \w+(?:<.*>)?|\.push)\()((?:\.\.\.\()?)$/.exec(before);
  if (opened !== null && !work.text.includes('\n')) {
    const [, start, spread] = opened;
    const call = `await ${helper}(${textOf(loop.expression)}, ${limit}, ${arrow} ${work.text})`;
    const line = `${inner}${spread}${call}${spread === '' ? '' : ')'}${style.comma}`;
    if (line.length <= style.width) return `${start}\n${line}\n${outer})${style.semicolon}`;
  }
  if (work.text.startsWith('({') && !work.text.includes('\n')) {
    const listed = work.text.slice(3, -2).trim();
    return `${head}${arrow} ({\n${inner}${listed}${style.comma}\n${outer}})${close}`;
  }
  return `${head}${arrow}\n${inner}${reindented(work.text, outer, inner)}${style.comma}\n${outer}${close}`;
}

function awaitedValue(program: SourceProgram, { loop }: LoopPlan, node: ts.AwaitExpression): Work {
  const type = program.checker.getTypeAtLocation(node.expression);
  const outer = indentAt(node.getSourceFile().text, loop.getStart());
  return { k: 'value', text: moved(node.expression, outer), promise: type.getSymbol()?.name === 'Promise' };
}

/** Text of a node whose further lines go from the indentation of its first line to another. */
function moved(node: ts.Node, to: string): string {
  const { text } = node.getSourceFile();
  return reindented(textOf(node), indentAt(text, node.getStart()), to);
}

const textOf = (node: ts.Node | undefined): string =>
  node === undefined ? '' : node.getText().replaceAll('\r\n', '\n');

/** True where the loop's body is this statement alone, with no comment around it or within the ends of `list`. */
function isBare(loop: ts.ForOfStatement, only: ts.Statement, list?: readonly [number, number]): boolean {
  const { text } = loop.getSourceFile();
  const body = loop.statement;
  const around = text.slice(body.getStart(), only.getStart()) + text.slice(only.getEnd(), body.getEnd());
  const ends = list === undefined ? '' : text.slice(list[1], only.getEnd());
  return /^[\s{}]*$/.test(around) && /^[\s,);]*$/.test(ends);
}
