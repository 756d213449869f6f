import { parseRoot } from './handler-reference.ts';

/** Names an anomaly in the arguments of a command. */
export interface AnomalyReference {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  readonly fingerprint: string;
}

/** The anomaly named in an argument of a command, which may come from anywhere. */
export function parseAnomaly(argument: unknown): AnomalyReference | undefined {
  const root = parseRoot(argument);
  const fingerprint: unknown =
    root === undefined ? undefined : Reflect.get(argument as object, 'fingerprint');
  return root === undefined || typeof fingerprint !== 'string' ? undefined : { root, fingerprint };
}
