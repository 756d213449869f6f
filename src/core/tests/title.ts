import type { Expr, FileFacts } from '../code/facts.ts';
import { bindingOf } from './words.ts';

/** A title as it is shown, and what a report may call it. */
export interface Title {
  readonly text: string;
  /** The title itself, or its known pieces in order, with anything between two of them. */
  readonly pattern: string | readonly string[];
}

type Part = { readonly text: string } | { readonly hole: string };

/** Reads the first argument of `describe` or `it`; `table`: tokens such as `%s` and `$name` stand for values. */
export function titleOf(file: FileFacts, fn: number, expr: Expr | undefined, table: boolean): Title {
  const parts = expr === undefined ? [{ hole: '' }] : partsOf(file, fn, expr, 0);
  const text = parts.map((part) => ('text' in part ? part.text : part.hole)).join('');
  const pieces = [''];
  for (const part of parts) {
    const [first = '', ...rest] = 'hole' in part ? ['', ''] : table ? tablePieces(part.text) : [part.text];
    pieces.push((pieces.pop() ?? '') + first, ...rest);
  }
  return { text, pattern: pieces.length === 1 ? (pieces[0] ?? '') : pieces };
}

/** `%s` and `$user.name` stand for anything, `%%` for a per cent sign. */
const tablePieces = (text: string): string[] =>
  text
    .replaceAll('%%', '%\u0000')
    .split(/%[sdifjoOpc#$]|\$[\p{ID_Start}_][\p{ID_Continue}$.]*/u)
    .map((piece) => piece.replaceAll('%\u0000', '%'));

function partsOf(file: FileFacts, fn: number, expr: Expr, depth: number): readonly Part[] {
  switch (expr.k) {
    case 'text':
      return [{ text: expr.value }];
    case 'number':
    case 'literal':
      return [{ text: String(expr.value) }];
    case 'concat':
      return expr.parts.flatMap((part) => partsOf(file, fn, part, depth));
    case 'name': {
      const binding = bindingOf(file, fn, expr.name);
      const plain = expr.name.replace(/~.*$/, '');
      if (binding?.k === 'function' || binding?.k === 'class') return [{ text: plain }];
      // `describe(listOrders, ...)` is named for the function, whatever the import calls it.
      if (binding?.k === 'import') {
        const named = !['default', '*', '='].includes(binding.imported);
        return depth === 0 && named ? [{ text: binding.imported }] : [{ hole: `\${${plain}}` }];
      }
      const init = binding?.k === 'value' ? binding.init : undefined;
      const known = init && depth < 4 ? partsOf(file, fn, init, depth + 1) : [];
      return known.length > 0 && known.every((part) => 'text' in part) ? known : [{ hole: `\${${plain}}` }];
    }
    case 'member': {
      if (depth === 0 && expr.name === 'name') return partsOf(file, fn, expr.object, depth);
      const object = expr.object.k === 'name' ? `${expr.object.name.replace(/~.*$/, '')}.` : '';
      return [{ hole: `\${${object}${expr.name}}` }];
    }
    default:
      return [{ hole: '${…}' }];
  }
}

/** True when a text consists of the pieces in order with anything between them; linear, whatever the pieces are. */
export function matchesPieces(pieces: readonly string[], text: string): boolean {
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (pieces.length < 2) return text === first;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  let at = first.length;
  const end = text.length - last.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at);
    if (found === -1 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return at <= end;
}

/** True when a report's title can be of this test or suite. */
export const titleMatches = (pattern: Title['pattern'], title: string): boolean =>
  typeof pattern === 'string' ? pattern === title : matchesPieces(pattern, title);
