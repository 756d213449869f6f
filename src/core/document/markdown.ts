import { posix } from 'node:path';
import { oneLine } from './mask.ts';

const ENTITIES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };

/** Foreign text as plain Markdown text on one line: no markup, HTML, link, mention or table cell of its own. */
export function text(foreign: string): string {
  return (
    oneLine(foreign)
      .replace(/[<>&]/g, (sign) => ENTITIES[sign] ?? sign)
      .replace(/[\\`*_[\]~$#!]/g, '\\$&')
      .replace(/\|/g, '&#124;')
      // What GitHub and the editor would turn into a link, a mention or an emoji by itself.
      .replace(/:\/\//g, ':&#47;&#47;')
      .replace(/\bwww\./gi, (www) => `${www.slice(0, 3)}&#46;`)
      .replace(/@/g, '&#64;')
      .replace(/:(?=[\w+-]+:)/g, '&#58;')
      // What would begin a list or underline a heading at the start of a line.
      .replace(/^([-+=])/, '\\$1')
      .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
  );
}

/** Foreign text as inline code, safe inside a table too. */
export function code(foreign: string): string {
  const line = oneLine(foreign);
  if (line === '') return '(empty)';
  // Renderers disagree on backslash and pipe inside a code span of a table.
  if (line.includes('|')) return `<code>${text(line)}</code>`;
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Several lines of source as a fenced block, indented so that it stands inside a list item. */
export function fenced(source: string, language: string, indent: string): string {
  const lines = source
    .replace(/\r\n?|\u2028|\u2029/g, '\n')
    .split('\n')
    .map((line) => line.replace(/[\p{Cc}\p{Surrogate}\u202A-\u202E\u2066-\u2069]/gu, ' ').trimEnd());
  const longest = Math.max(2, ...(source.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence].map((line) => (indent + line).trimEnd()).join('\n');
}

/** Foreign text of several lines as a quotation that keeps its line breaks. */
export function quoted(foreign: string): string {
  const lines = foreign
    .trim()
    .split(/\r\n?|\n|\u2028|\u2029/)
    .map((line) => text(line));
  return lines.map((line, i) => (line === '' ? '>' : `> ${line}${lines[i + 1] ? '\\' : ''}`)).join('\n');
}

/** A link; `label` is Markdown already, `href` as made by `linkTo`. */
export function link(label: string, href: string): string {
  return `[${label}](${href})`;
}

/** Relative address from the docs folder to a file of the workspace; both posix and relative to the workspace. */
export function linkTo(docsFolder: string, file: string): string {
  const path = posix.relative(posix.join('/', docsFolder), posix.join('/', file));
  return path
    .split('/')
    .map((part) => encodeURIComponent(part.replace(/\p{Surrogate}/gu, '\uFFFD')).replace(/[()'*!]/g, percent))
    .join('/');
}

function percent(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** A table; cells are Markdown without line breaks. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

/** A whole number with a comma every three digits, whatever the locale of the machine. */
export function count(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 handler`, `2 handlers`. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** Blocks with one blank line between them. */
export function blocks(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}
