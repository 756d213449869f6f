/** Our own generated Markdown as plain text, for where no preview can show it; what was escaped stands as it was. */
export function plainMarkdown(markdown: string): string {
  return markdown.split('\n').map(plainLine).join('\n');
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
