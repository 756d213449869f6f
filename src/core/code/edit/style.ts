/** How a file is laid out, read off its own text. */
export interface Style {
  /** One step of indentation. */
  readonly indent: string;
  readonly semicolon: '' | ';';
  readonly quote: "'" | '"';
  /** After the last argument or property of a list that stands on lines of its own. */
  readonly comma: '' | ',';
  readonly newline: '\n' | '\r\n';
  /** Columns that a line may take: as many as the longest takes now, 80 to 120. */
  readonly width: number;
}

export function styleOf(text: string): Style {
  const lines = text.split(/\r?\n/);
  const steps = lines
    .map((line) => /^(\t+| {2,8})\S(?!\*)/.exec(line)?.[1])
    .filter((step) => step !== undefined);
  const indent = steps.some((step) => step.startsWith('\t'))
    ? '\t'
    : ' '.repeat(Math.min(4, ...steps.map((step) => step.length)) || 2);
  const count = (pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length;
  const closed = text.match(/[^\s,([{;]\s*\n\s*[)\]}]/g)?.filter((end) => !/^[;}]/.test(end)).length ?? 0;
  const longest = Math.max(
    0,
    ...lines.filter((line) => !/^\s*(\/\/|\*|\/\*)|https?:/.test(line)).map((line) => line.length),
  );
  return {
    indent: steps.length === 0 ? '  ' : indent,
    semicolon: count(/;\s*$/) * 2 >= count(/^\s*(const|let|return|import)\b.*[\w)\]'"`]\s*$/) ? ';' : '',
    quote: (text.match(/"/g)?.length ?? 0) > (text.match(/'/g)?.length ?? 0) ? '"' : "'",
    comma: (text.match(/,\s*\n\s*[)\]}]/g)?.length ?? 0) * 2 >= closed ? ',' : '',
    newline: text.includes('\r\n') ? '\r\n' : '\n',
    width: Math.min(120, Math.max(80, longest)),
  };
}

/** Moves all lines but the first from one indentation to another. */
export function reindented(text: string, from: string, to: string): string {
  if (from === to) return text;
  return text
    .split('\n')
    .map((line, index) => (index > 0 && line.startsWith(from) ? to + line.slice(from.length) : line))
    .join('\n');
}

/** White space at the beginning of the line in which an offset lies. */
export function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[\t ]*/.exec(text.slice(start, offset))?.[0] ?? '';
}
