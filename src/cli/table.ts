const control = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Text that came from telemetry or code, safe for a terminal: control and bidirectional characters are shown as `?`. */
export function printable(text: string): string {
  return text.replace(control, '?');
}

/** Rows as aligned columns, two spaces apart; columns whose title starts with `>` are aligned right. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const right = titles.map((title) => title.startsWith('>'));
  const lines = [titles.map((title) => title.replace(/^>/, '')), ...rows.map((row) => row.map(printable))];
  const widths = titles.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const cells = (line: readonly string[]): string =>
    widths
      .map((width, column) => {
        const cell = line[column] ?? '';
        return right[column] ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return lines.map(cells).join('\n') + '\n';
}

/** Milliseconds with three significant digits and a unit; a dash where there is no value. */
export function duration(ms: number | null): string {
  if (ms === null) return '-';
  if (ms >= 1000) return `${Number((ms / 1000).toPrecision(3))} s`;
  return `${Number(ms.toPrecision(3))} ms`;
}

/** A rate 0..1 as a percentage with two significant digits. */
export function percent(rate: number): string {
  return `${Number((rate * 100).toPrecision(2))} %`;
}
