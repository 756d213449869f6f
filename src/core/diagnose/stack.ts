/** One line of a V8 stack. All of it is untrusted. */
export interface StackFrame {
  /** Qualified name without `async`, `new` and `Object.<anonymous>`; absent for a function without a name. */
  readonly symbol?: string;
  /** As reported: an absolute path, a `file:` address, a relative path. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const MOST_FRAMES = 50;
const FRAME =
  /^\s*at (?:async )?(?:(?:new )?([^(\n]{1,200}?) \()?([^()\n]{1,1000}?):(\d{1,7}):(\d{1,7})\)?\s*$/;

/** Frames of a V8 stack, innermost first; native and evaluated ones and what is no frame are left out. */
export function framesOf(stack: string): readonly StackFrame[] {
  const frames: StackFrame[] = [];
  for (const line of stack.split('\n', MOST_FRAMES)) {
    const [, name, path = '', row = '', column = ''] = FRAME.exec(line) ?? [];
    if (path === '' || /^(node:|native$|<anonymous>|eval at|internal\/)/.test(path)) continue;
    const symbol = name?.replace(/ \[as [^\]]*\]$/, '').replace(/^(async|new|get|set) /, '');
    const known = symbol !== undefined && !symbol.endsWith('<anonymous>') && !symbol.startsWith('eval');
    frames.push({
      ...(known ? { symbol } : {}),
      file: decoded(path),
      line: Number(row),
      column: Number(column),
    });
  }
  return frames;
}

function decoded(path: string): string {
  if (!path.startsWith('file:')) return path;
  try {
    return decodeURIComponent(path.replace(/^file:\/\/(?:\/(?=[A-Za-z]:\/))?/, '').replace(/[?#].*$/, ''));
  } catch {
    return path;
  }
}

/** True where a frame's name can be that of the function that stands there now. */
export function sameFunction(reported: string | undefined, symbol: string): boolean {
  if (reported === undefined) return true;
  const last = (name: string): string => (name.split('.').at(-1) ?? '').replace(/^#/, '');
  return symbol === '<anonymous>' || symbol === '' || last(reported) === last(symbol);
}
