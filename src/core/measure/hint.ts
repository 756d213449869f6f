import type { CodeHint } from '../model/operation.ts';
import type { Attributes, Span } from '../model/span.ts';
import { byFamily } from './by-family.ts';
import type { Layer } from './layer.ts';
import { number, text } from './operation.ts';
import type { TraceTree } from './trace-tree.ts';

/**
 * What a measured span (`terminal`: the last of its chained handlers) and the handler spans beneath it (not those below a further measured span) say of the code:
 * `code.*` of the measured span, else of the deepest handler span, and the name by which the framework knows the handler.
 */
export function hintOf(owner: Span, terminal: Span | undefined, tree: TraceTree): CodeHint | undefined {
  const handlers: { readonly span: Span; readonly layer: Layer }[] = [];
  for (const span of tree.under(owner)) {
    const layer = tree.layerOf(span);
    if (layer?.role === 'handler' && (!layer.chained || span === terminal)) handlers.push({ span, layer });
  }
  const deepestFirst = handlers.toSorted((a, b) => tree.depthOf(b.span) - tree.depthOf(a.span));
  const code =
    codeOfSpan(owner) ??
    deepestFirst.map(({ span }) => codeOfSpan(span)).find((found) => found !== undefined);
  const named = deepestFirst
    .filter(({ layer }) => layer.name !== undefined)
    .toSorted((a, b) => b.layer.rank - a.layer.rank)[0];
  const handler = named?.layer.name;
  if (code === undefined && handler === undefined) return undefined;
  return { ...code, ...(handler === undefined ? {} : { handler }) };
}

const codeOfSpan = byFamily(({ attributes }) => codeOf(attributes));

/** `code.*` attributes under their present and their older names; undefined where there are none. */
export function codeOf(attributes: Attributes): CodeHint | undefined {
  const file = text(attributes, 'code.file.path', 'code.filepath');
  const plain = text(attributes, 'code.function');
  const namespace = text(attributes, 'code.namespace');
  const qualified = plain === undefined || namespace === undefined ? plain : `${namespace}.${plain}`;
  const name = text(attributes, 'code.function.name') ?? qualified;
  const line = number(attributes, 'code.line.number', 'code.lineno');
  const column = number(attributes, 'code.column.number', 'code.column');
  if (file === undefined && name === undefined) return undefined;
  return {
    ...(name === undefined ? {} : { function: name }),
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  };
}
