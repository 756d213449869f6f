/** Our own generated Markdown as plain text, for where no preview can show it; what was escaped stands as it was. */
export function plainMarkdown(markdown: string): string {
  const lines: string[] = [];
  let table: string[] = [];
  for (const line of [...markdown.split('\n'), undefined]) {
    if (line?.startsWith('|') === true) {
      table.push(line);
      continue;
    }
    lines.push(...plainTable(table));
    table = [];
    if (line !== undefined) lines.push(plainLine(line));
  }
  return lines.join('\n');
}

/** Without their escapes cells are narrower than they were: the columns are set anew. */
function plainTable(lines: readonly string[]): readonly string[] {
  const rows = lines.map((line) => line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim())); // prettier-ignore
  const isRule = (cells: readonly string[]): boolean => cells.every((cell) => /^:?-+:?$/.test(cell));
  const rule = rows.find(isRule) ?? [];
  const plain = rows.map((cells) => (isRule(cells) ? cells.map(() => '') : cells.map(inline)));
  const widths = rule.map((_, column) => Math.max(3, ...plain.map((cells) => cells[column]?.length ?? 0)));
  return rows.map((cells, row) => {
    const padded = widths.map((width, column) => {
      if (isRule(cells)) return '-'.repeat(width);
      const text = plain[row]?.[column] ?? '';
      return rule[column]?.endsWith(':') === true ? text.padStart(width) : text.padEnd(width);
    });
    return `| ${padded.join(' | ')} |`;
  });
}

const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&nbsp;': ' ' };

function plainLine(line: string): string {
  const heading = /^(#{1,6}) (.*)$/.exec(line);
  if (heading !== null) {
    const text = inline(heading[2] ?? '');
    return `${text}\n${(heading[1] === '#' ? '=' : '-').repeat(text.length)}`;
  }
  return inline(line);
}

/** Escaped characters are put aside first, so that they are never taken for signs. */
function inline(text: string): string {
  const aside: string[] = [];
  const held = text.replace(/\\([!-/:-@[-`{-~])|&(?:lt|gt|amp|nbsp);/g, (whole, sign: string | undefined) => {
    aside.push(sign ?? entities[whole] ?? whole);
    return `\u0000${aside.length - 1}\u0000`;
  });
  return held
    .replace(/\*\*([^*]*)\*\*/g, '$1')
    .replace(/`([^`]*)`/g, '$1')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\u0000(\d+)\u0000/g, (_, index: string) => aside[Number(index)] ?? '');
}
