/** One complaint of the type checker. */
export interface TypeProblem {
  /** As the checker names it, posix, relative to the root of the copy; empty for complaints about the whole project. */
  readonly file: string;
  readonly line: number;
  /** `TS2322` */
  readonly code: string;
  readonly message: string;
}

/** What the project's own type checker said. `not-set-up`: the project has none for these files. */
export type TypeCheck =
  | { readonly k: 'checked'; readonly problems: readonly TypeProblem[]; readonly projects: readonly string[] }
  | { readonly k: 'not-set-up'; readonly reason: string }
  | { readonly k: 'cancelled' }
  | { readonly k: 'could-not-run'; readonly reason: string };

/** Checks the projects that some files (posix, relative) belong to, in the copy as it is now. */
export type CheckTypes = (files: readonly string[]) => Promise<TypeCheck>;

const LOCATED = /^(.+?)\((\d+),\d+\): error (TS\d+): (.*)$/;
const GLOBAL = /^error (TS\d+): (.*)$/;

/** Reads what `tsc --pretty false` prints; lines that go on with a message are added to it. */
export function readDiagnostics(lines: readonly string[]): readonly TypeProblem[] {
  const problems: TypeProblem[] = [];
  for (const line of lines) {
    const located = LOCATED.exec(line);
    const global = GLOBAL.exec(line);
    const last = problems.at(-1);
    if (located !== null) {
      const [, file = '', at = '0', code = '', message = ''] = located;
      problems.push({ file: file.replaceAll('\\', '/'), line: Number(at), code, message });
    } else if (global !== null) {
      const [, code = '', message = ''] = global;
      problems.push({ file: '', line: 0, code, message });
    } else if (last !== undefined && /^\s+\S/.test(line)) {
      problems[problems.length - 1] = { ...last, message: `${last.message}\n${line}` };
    }
  }
  return problems;
}

/** What is complained of after and was not, or less often, before: lines may have moved, so they do not count. */
export function newProblems(
  before: readonly TypeProblem[],
  after: readonly TypeProblem[],
): readonly TypeProblem[] {
  const key = ({ file, code, message }: TypeProblem): string => `${file}\n${code}\n${message}`;
  const known = new Map<string, number>();
  for (const problem of before) known.set(key(problem), (known.get(key(problem)) ?? 0) + 1);
  return after.filter((problem) => {
    const left = known.get(key(problem)) ?? 0;
    known.set(key(problem), left - 1);
    return left <= 0;
  });
}
