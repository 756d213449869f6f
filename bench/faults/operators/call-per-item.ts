import { Node, type AwaitExpression, type VariableStatement } from 'ts-morph';
import type { Operator, Site } from '../operator.ts';
import { bodyOf, ownNodes } from './functions.ts';

/** What was asked at once is asked item by item: a `Promise.all` over a list, a call with a list, a call that gave a list. */
export const callPerItem: Operator = {
  id: 'call-per-item',
  class: 'latency',
  sites(node) {
    if (bodyOf(node) === undefined) return [];
    return ownNodes(node).flatMap((child) => (Node.isAwaitExpression(child) ? ofAwait(child) : []));
  },
  example: {
    before: 'async function f(xs: number[]) { const r = await Promise.all(xs.map(load)); return r; }',
    after:
      'async function f(xs: number[]) { const r = [];\nfor (const item of xs) {\nr.push(await (load)(item));\n} return r; }',
  },
};

function ofAwait(awaited: AwaitExpression): readonly Site[] {
  const call = awaited.getExpression();
  const statement = awaited.getFirstAncestor(Node.isVariableStatement);
  const declaration = awaited.getParent();
  if (!Node.isCallExpression(call) || statement === undefined || !Node.isVariableDeclaration(declaration))
    return [];
  if (!Node.isIdentifier(declaration.getNameNode()) || statement.getDeclarations().length !== 1) return [];
  const name = declaration.getName();
  const [first] = call.getArguments();
  const callee = call.getExpression().getText();
  const type = declaration.getTypeNode() === undefined ? '' : `: ${declaration.getTypeNode()?.getText()}`;
  if (callee === 'Promise.all' && Node.isCallExpression(first)) {
    const map = first.getExpression();
    const [mapper] = first.getArguments();
    if (!Node.isPropertyAccessExpression(map) || map.getName() !== 'map' || mapper === undefined) return [];
    return [
      loop(
        statement,
        `const ${name}${type} = [];`,
        map.getExpression().getText(),
        `${name}.push(await (${mapper.getText()})(item));`,
      ),
    ];
  }
  const result = awaited.getType();
  if (!result.isArray()) return [];
  const sites: Site[] = [];
  if (first !== undefined && first.getType().isArray() && call.getArguments().length === 1) {
    sites.push(
      loop(
        statement,
        `const ${name}${type} = [];`,
        first.getText(),
        `${name}.push(...(await ${callee}([item])));`,
      ),
    );
  }
  const { end, line } = places(statement);
  const text = `\nfor (const _item of ${name}) {\nawait ${call.getText()};\n}`;
  return [...sites, { line: line + 1, edits: [{ start: end, end, text }] }];
}

function loop(statement: VariableStatement, before: string, list: string, body: string): Site {
  const { start, end, line } = places(statement);
  return {
    line: line + 1,
    edits: [{ start, end, text: `${before}\nfor (const item of ${list}) {\n${body}\n}` }],
  };
}

const places = (node: Node): { start: number; end: number; line: number } => ({
  start: node.getStart(),
  end: node.getEnd(),
  line: node.getStartLineNumber(),
});
