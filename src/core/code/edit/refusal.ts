import type { SourceProgram } from '../program-files.ts';
import type { ts } from '../ts.ts';
import { adaptedCall, namesToImport } from './adapt-call.ts';
import { withImports } from './add-import.ts';
import { statusOf } from './error-status.ts';
import { styleOf } from './style.ts';

export interface RefusalWanted {
  readonly file: ts.SourceFile;
  /** The value that is missing. */
  readonly subject: ts.Expression;
  /** `path.customerId` */
  readonly input: string;
  /** Statuses that say what is wrong, best first. */
  readonly status: readonly number[];
  /** Files whose way of refusing is taken, nearest first. */
  readonly models: readonly string[];
  readonly before: ts.Node;
  /** The handler, where the check stands directly in it. */
  readonly handler?: ts.SignatureDeclaration;
}

export interface Refusal {
  readonly status: number;
  /** Without indentation and semicolon. */
  readonly statement: string;
  /** False for an answer that needs a `return` behind it. */
  readonly ends: boolean;
  readonly how: string;
  /** The file's text with what the statement needs imported. */
  readonly imports: (text: string) => string;
}

interface Model {
  readonly node: ts.NewExpression | ts.CallExpression;
  readonly kind: 'throw' | 'answer';
  readonly status: number;
  /** Name of the value that the model checks; empty where it checks none. */
  readonly subject: string;
}

/** How a handler says that something is not there, in the way its neighbours do; null where there is none that fits. */
export function refusalFor(program: SourceProgram, wanted: RefusalWanted): Refusal | null {
  const unchanged = (text: string): string => text;
  const files = [...new Set(wanted.models)].flatMap((path) => program.fileAt(path) ?? []);
  for (const file of files) {
    const models = modelsIn(program, file).filter(({ status }) => wanted.status.includes(status));
    for (const kind of ['throw', 'answer'] as const) {
      for (const model of models.filter((one) => one.kind === kind)) {
        // An answer is worded for its own endpoint; an error class is made to be thrown anywhere.
        if (kind === 'answer' && (wanted.handler === undefined || file !== wanted.file)) continue;
        const call = adaptedCall(program, model.node, model.subject, wanted);
        if (call === null) continue;
        const names = file === wanted.file ? [] : namesToImport(program, model.node);
        if (names === null) continue;
        const path = program.pathOf(file) ?? '';
        const { line } = file.getLineAndCharacterOfPosition(model.node.getStart(file));
        return {
          status: model.status,
          statement: kind === 'throw' ? `throw ${call}` : call,
          ends: kind === 'throw',
          how: `as ${path}:${line + 1} does it`,
          imports: (text) => withImports(program, wanted.file, text, file, names),
        };
      }
    }
  }
  return wanted.handler === undefined ? null : ownRefusal(program, wanted, unchanged);
}

/** Names that Express code gives to the response; the type may be missing. */
const RESPONSE = /^_*(res|resp|response)$/i;

/** Without a model: by `next` where the handler has it, else an answer of its own. */
function ownRefusal(
  { ts: t }: SourceProgram,
  { file, handler, subject, status }: RefusalWanted,
  imports: Refusal['imports'],
): Refusal | null {
  const taken = (handler?.parameters ?? []).map(({ name }) => (t.isIdentifier(name) ? name.text : ''));
  // `(error, req, res, next)` handles errors; what else has other places (Koa, Nest, Fastify) answers in other ways.
  const [, response, next] = taken.length === 4 ? taken.slice(1) : taken;
  if (response === undefined || !RESPONSE.test(response)) return null;
  const { quote } = styleOf(file.text);
  const code = status.includes(404) ? 404 : 400;
  const words = subject.getText().split('.').at(-1)?.replaceAll(/[^\w]/g, '') ?? 'value';
  const message = code === 404 ? `No such ${words}` : `Invalid ${words}`;
  const quoted = `${quote}${message}${quote}`;
  if (next !== undefined && next !== '')
    return {
      status: code,
      statement: `${next}(Object.assign(new Error(${quoted}), { status: ${code} }))`,
      ends: false,
      how: `through \`${next}\`, as no other handler here shows its way`,
      imports,
    };
  return {
    status: code,
    statement: `${response}.status(${code}).json({ error: ${quoted} })`,
    ends: false,
    how: 'as an answer of its own, as no other handler here shows its way',
    imports,
  };
}

/** Checks that end in an error or an answer: `if (!x) throw new E(...)`, `if (!x) { res.status(404).json(...); return; }`. */
function modelsIn(program: SourceProgram, file: ts.SourceFile): readonly Model[] {
  const t = program.ts;
  const models: Model[] = [];
  const visit = (node: ts.Node): void => {
    if (t.isIfStatement(node)) {
      const subject = checkedName(program, node.expression);
      const first = t.isBlock(node.thenStatement) ? node.thenStatement.statements[0] : node.thenStatement;
      const given =
        first && (t.isThrowStatement(first) || t.isReturnStatement(first) || t.isExpressionStatement(first))
          ? first.expression
          : undefined;
      if (subject !== null && first !== undefined && given !== undefined) {
        const thrown = t.isThrowStatement(first);
        if (thrown && t.isNewExpression(given)) add('throw', given, subject);
        if (thrown && t.isCallExpression(given)) add('throw', given, subject);
        if (!thrown && t.isCallExpression(given)) add('answer', given, subject);
      }
    }
    t.forEachChild(node, visit);
  };
  const add = (kind: Model['kind'], node: ts.NewExpression | ts.CallExpression, subject: string): void => {
    const status = statusOf(program, node);
    if (status !== null) models.push({ kind, node, subject, status });
  };
  visit(file);
  return models;
}

/** `customer` of `!customer`, `customer === undefined`, `customer?.id !== other`; null for other conditions. */
function checkedName({ ts: t }: SourceProgram, node: ts.Expression): string | null {
  if (t.isPrefixUnaryExpression(node) && node.operator === t.SyntaxKind.ExclamationToken)
    return t.isIdentifier(node.operand) || t.isPropertyAccessExpression(node.operand)
      ? node.operand.getText()
      : null;
  if (!t.isBinaryExpression(node)) return null;
  const { left, right, operatorToken } = node;
  if (operatorToken.getText() === '||') return checkedName({ ts: t } as SourceProgram, left);
  const nothing = ['undefined', 'null'].includes(right.getText());
  return nothing && /^={2,3}$/.test(operatorToken.getText()) && t.isIdentifier(left) ? left.text : null;
}
