import { Node, type Block } from 'ts-morph';

/** The braces of a function; absent for an arrow with a bare expression. */
export function bodyOf(node: Node): Block | undefined {
  const body = isFunction(node) ? node.getBody() : undefined;
  return Node.isBlock(body) ? body : undefined;
}

export type FunctionNode = Extract<Parameters<typeof Node.isFunctionLikeDeclaration>[0], Node> &
  Node & { getBody(): Node | undefined };

/** Functions, methods, constructors and accessors with a body. */
export function isFunction(node: Node): node is FunctionNode {
  return Node.isFunctionLikeDeclaration(node) || Node.isFunctionExpression(node);
}

/** Nodes of a function that are in no function inside it. */
export function ownNodes(node: Node): readonly Node[] {
  const found: Node[] = [];
  node.forEachDescendant((child, traversal) => {
    if (isFunction(child)) traversal.skip();
    else found.push(child);
  });
  return found;
}
