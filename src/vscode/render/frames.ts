const frame = /\(?((?:file:\/\/)?(?:[A-Za-z]:)?[^\s()]*?[\\/][^\s()]*?):(\d+):\d+\)?\s*$/;

/** First frame of the stack outside dependencies and Node itself as `path:line`; relative to `root` where inside it. Untrusted text. */
export function firstOwnFrame(stack: string, root: string): string | null {
  for (const line of stack.slice(0, 20_000).split('\n').slice(0, 60)) {
    if (!line.trimStart().startsWith('at ') || line.length > 1000) continue;
    const match = frame.exec(line);
    const path = match?.[1]?.replace(/^file:\/\//, '').replaceAll('\\', '/');
    if (path === undefined || path.includes('/node_modules/') || path.startsWith('node:')) continue;
    const base = `${root.replaceAll('\\', '/').replace(/\/$/, '')}/`;
    return `${path.startsWith(base) ? path.slice(base.length) : path}:${match?.[2] ?? ''}`;
  }
  return null;
}
