import { spawnSync } from 'node:child_process';

export interface HandlerRow {
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly method: string | null;
  readonly route: string | null;
  readonly resolved: boolean;
}

export interface AnomalyRow {
  readonly fingerprint: string;
  readonly detector: string;
  readonly state: string;
  readonly operation: string | null;
  readonly handlerId: string | null;
  readonly message: string;
}

export interface Diagnosed {
  readonly diagnosis: {
    readonly why?: string;
    readonly causes: readonly {
      readonly cause: string;
      readonly message: string;
      readonly site?: { readonly file: string; readonly start: { readonly line: number } };
    }[];
  };
}

export interface Fixed {
  readonly fix: { readonly recipe: string } | null;
  readonly reasons?: readonly string[];
  readonly gates: readonly { readonly id: string; readonly status: string; readonly evidence: string }[];
  readonly verdict?: { readonly status: string; readonly seconds: number } | null;
}

/** The command line of the product under trial, asked for JSON. */
export interface Product {
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- each command has a schema of its own
  readonly ask: <T>(...args: readonly string[]) => { readonly data: T; readonly seconds: number };
}

/** `entry` is the file of the command line: `src/cli/suture.ts` of a checkout, or `dist/suture.js`. */
export function product(entry: string): Product {
  return {
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- each command has a schema of its own
    ask<T>(...args: readonly string[]) {
      const begin = performance.now();
      const done = spawnSync(process.execPath, [entry, ...args, '--json'], { encoding: 'utf8', maxBuffer: 1 << 30 });
      const seconds = (performance.now() - begin) / 1000;
      if (done.stdout === '') throw new Error(`suture ${args.join(' ')} said nothing: ${done.stderr}`);
      return { data: (JSON.parse(done.stdout) as { data: T }).data, seconds };
    },
  }; // prettier-ignore
}
