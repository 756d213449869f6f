/** Something wrong with an input that was survived: where, what, how often; `line` counts from 1, `file` is posix and relative to the workspace where it can be. */
export interface Problem {
  readonly file: string;
  readonly line?: number;
  /** Stable kebab-case code, e.g. `torn-line`. */
  readonly code: string;
  /** One sentence for a person: what is wrong and what was done about it. */
  readonly message: string;
  readonly count: number;
}
