import type { ts } from './ts.ts';

const mix = (hash: number, value: number): number =>
  Math.imul(hash ^ value, 0x01000193) + ((hash >>> 13) ^ value);

const mixText = (hash: number, text: string): number => {
  let result = mix(hash, text.length);
  for (let i = 0; i < text.length; i++) result = mix(result, text.charCodeAt(i));
  return result;
};

const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');

/** Hashes (16 hex digits) of every function-like node of a file by its syntax: comments, white space and quotes do not count. */
export function syntaxHashes(tsApi: typeof ts, file: ts.SourceFile): ReadonlyMap<ts.Node, string> {
  const hashes = new Map<ts.Node, string>();
  let second = 0;
  const walk = (node: ts.Node): number => {
    let a = mix(0x811c9dc5, node.kind);
    let b = mix(0x2545f491, node.kind);
    const text = ownText(tsApi, node);
    if (text !== undefined) {
      a = mixText(a, text);
      b = mixText(b, text);
    }
    tsApi.forEachChild(node, (child) => {
      const first = walk(child);
      a = mix(a, first);
      b = mix(b, second ^ (first << 7));
    });
    second = b;
    if (tsApi.isFunctionLike(node)) hashes.set(node, hex(a) + hex(b));
    return a;
  };
  walk(file);
  return hashes;
}

/** What a node says itself, beyond its kind and its children. */
function ownText(tsApi: typeof ts, node: ts.Node): string | undefined {
  if (tsApi.isIdentifier(node) || tsApi.isPrivateIdentifier(node)) return node.text;
  if (tsApi.isLiteralExpression(node) || tsApi.isJsxText(node)) return node.text;
  if (tsApi.isTemplateHead(node) || tsApi.isTemplateMiddleOrTemplateTail(node)) return node.text;
  if (tsApi.isPrefixUnaryExpression(node) || tsApi.isPostfixUnaryExpression(node))
    return String(node.operator);
  if (tsApi.isVariableDeclarationList(node)) return String(node.flags & tsApi.NodeFlags.BlockScoped);
  if (tsApi.isHeritageClause(node)) return String(node.token);
  return undefined;
}
