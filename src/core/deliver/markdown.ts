/** Controls, marks of direction, zero-width signs and fillers: what hides or reorders text. */
const invisible =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]|\p{Variation_Selector}|[\u115F\u1160\u3164\uFFA0]/gu;
const longest = 400;

/** One visible line of at most `limit` characters. */
function oneLine(foreign: string, limit: number): string {
  const points = Array.from(foreign.slice(0, limit * 4).replace(/[\s\u2028\u2029]+/g, ' '));
  const cut = points.length > limit ? `${points.slice(0, limit - 1).join('')}…` : points.join('');
  return cut.replace(invisible, '\uFFFD').trim();
}

/**
 * Foreign text for a commit message or the title of a pull request: one line in which no host finds a mention, a
 * reference to an issue ("fixes #1" would close it) or an address. A space in them is the only way that all hosts
 * respect, as they look for these in what was rendered.
 */
export function plainText(foreign: string, limit = longest): string {
  return oneLine(foreign, limit)
    .replace(/@(?=[\w-])/g, '@ ')
    .replace(/([#!])(?=\d)/g, '$1 ')
    .replace(/\bGH-(?=\d)/gi, 'GH ')
    .replace(/:\/\//g, ': //')
    .replace(/\b(www|mailto|xmpp)([.:])(?=\S)/gi, '$1$2 ');
}

/** Foreign text as Markdown prose on one line without markup, HTML, table cells, links and mentions of its own. */
export function prose(foreign: string, limit = longest): string {
  return plainText(foreign, limit)
    .replace(/[\\`*_{}[\]<>&~$#]/g, '\\$&')
    .replaceAll('|', '&#124;')
    .replace(/^([-+=:])/, '\\$1')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}

/** Foreign text as code on one line, also in a table; hosts look for no mentions and links in code. */
export function code(foreign: string, limit = longest): string {
  const line = oneLine(foreign, limit);
  if (line === '') return '(empty)';
  // A pipe ends a cell even inside of backticks, and its escape is shown where there is no table.
  if (line.includes('|')) return `<code>${prose(line, limit)}</code>`;
  const fence = '`'.repeat(Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length)) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return fence + pad + line + pad + fence;
}

/** A table; the cells are Markdown on one line. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}
