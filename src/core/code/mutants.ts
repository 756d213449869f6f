import type { Position } from '../model/handler.ts';
import type { ts } from './ts.ts';

/** A text of a file with one small fault put in. */
export interface Mutant {
  readonly newText: string;
  /** `line 12: condition negated`. */
  readonly what: string;
}

type Operator = (t: typeof ts, node: ts.Node, file: ts.SourceFile) => { text: string; what: string } | null;

/** Faults that a test of the answer should notice, one of each operator in turn, spread over the function that starts at `start`. */
export async function mutantsOf(text: string, start: Position, most: number): Promise<readonly Mutant[]> {
  const { ts: t } = await import('./ts.ts');
  const file = t.createSourceFile('a.tsx', text, t.ScriptTarget.Latest, true, t.ScriptKind.TS);
  const body = bodyAt(t, file, start);
  if (body === undefined) return [];
  const found = new Map<Operator, Mutant[]>(OPERATORS.map((operator) => [operator, []]));
  const visit = (node: ts.Node): void => {
    for (const operator of OPERATORS) {
      const made = operator(t, node, file);
      if (made === null) continue;
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
      const newText = text.slice(0, node.getStart(file)) + made.text + text.slice(node.getEnd());
      found.get(operator)?.push({ newText, what: `line ${line + 1}: ${made.what}` });
    }
    t.forEachChild(node, visit);
  };
  visit(body);
  const chosen: Mutant[] = [];
  for (let round = 0; chosen.length < most; round++) {
    const next = [...found.values()].flatMap((mutants) => mutants[round] ?? []);
    if (next.length === 0) break;
    chosen.push(...next.slice(0, most - chosen.length));
  }
  return chosen;
}

const negatedCondition: Operator = (t, node, file) => {
  const { parent } = node;
  const isCondition =
    (t.isIfStatement(parent) && parent.expression === node) ||
    (t.isConditionalExpression(parent) && parent.condition === node);
  return isCondition ? { text: `!(${node.getText(file)})`, what: 'condition negated' } : null;
};

const answerEmptied: Operator = (t, node, file) => {
  if (!t.isCallExpression(node) || !t.isPropertyAccessExpression(node.expression)) return null;
  const [first] = node.arguments;
  if (!['json', 'send'].includes(node.expression.name.text) || first === undefined) return null;
  return { text: `${node.expression.getText(file)}({})`, what: 'answers with nothing in it' };
};

const LIMITS = new Map([
  ['>', '>='],
  ['>=', '>'],
  ['<', '<='],
  ['<=', '<'],
  ['===', '!=='],
  ['!==', '==='],
  ['+', '-'],
  ['-', '+'],
  ['&&', '||'],
  ['||', '&&'],
]);

const operatorChanged: Operator = (t, node, file) => {
  if (!t.isBinaryExpression(node)) return null;
  const before = node.operatorToken.getText(file);
  const after = LIMITS.get(before);
  if (after === undefined) return null;
  const [left, right] = [node.left.getText(file), node.right.getText(file)];
  // A text that is glued together is not subtracted.
  if (before === '+' && /['"`]/.test(left + right)) return null;
  return { text: `${left} ${after} ${right}`, what: `\`${before}\` made \`${after}\`` };
};

const numberChanged: Operator = (t, node, file) =>
  t.isNumericLiteral(node)
    ? { text: `(${node.getText(file)} + 1)`, what: `${node.getText(file)} made one more` }
    : null;

const fieldDropped: Operator = (t, node, file) => {
  if (!t.isShorthandPropertyAssignment(node) && !t.isPropertyAssignment(node)) return null;
  const answered = (at: ts.Node): boolean =>
    t.isCallExpression(at) || t.isReturnStatement(at) || t.isArrowFunction(at)
      ? true
      : t.isParenthesizedExpression(at) && answered(at.parent);
  if (!answered(node.parent.parent)) return null;
  return {
    text: `${node.name.getText(file)}: undefined`,
    what: `field ${node.name.getText(file)} left out`,
  };
};

const PASSING = new Set([
  'filter',
  'toSorted',
  'sort',
  'reverse',
  'toReversed',
  'slice',
  'trim',
  'toLowerCase',
]);

const callDropped: Operator = (t, node, file) => {
  if (!t.isCallExpression(node) || !t.isPropertyAccessExpression(node.expression)) return null;
  const name = node.expression.name.text;
  if (!PASSING.has(name)) return null;
  return { text: node.expression.expression.getText(file), what: `${name}() dropped` };
};

const OPERATORS: readonly Operator[] = [
  answerEmptied,
  negatedCondition,
  callDropped,
  operatorChanged,
  fieldDropped,
  numberChanged,
];

function bodyAt(t: typeof ts, file: ts.SourceFile, { line, column }: Position): ts.Node | undefined {
  if (line > file.getLineStarts().length) return undefined;
  const offset = file.getPositionOfLineAndCharacter(line - 1, 0) + column - 1;
  let body: ts.Node | undefined;
  const visit = (node: ts.Node): void => {
    if (offset < node.getFullStart() || offset >= node.getEnd()) return;
    if (t.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const names = node.name?.getStart(file) === offset || node.getStart(file) === offset;
      const { parent } = node;
      const given = t.isVariableDeclaration(parent) && parent.name.getStart(file) === offset;
      if (names || given || offset >= node.body.getStart(file)) body = node.body;
    }
    t.forEachChild(node, visit);
  };
  visit(file);
  return body;
}
