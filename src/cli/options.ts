import { closeSync, openSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { HumanError } from '../core/model/human-error.ts';

/** Options that every command takes, with absolute paths. */
export interface CommonOptions {
  readonly workspace: string;
  /** Absent: what `suture.json` says. */
  readonly telemetry?: readonly string[];
  readonly store?: string;
  readonly json: boolean;
}

export interface CommandLine {
  readonly common: CommonOptions;
  readonly positionals: readonly string[];
  /** Flags of the command itself; true for a switch. */
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
}

export type FlagTable = Readonly<
  Record<string, { readonly type: 'string' | 'boolean'; readonly help: string }>
>;

const commonFlags = {
  workspace: { type: 'string', short: 'w' },
  telemetry: { type: 'string', multiple: true, short: 't' },
  store: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** Reads the arguments after the command's name; throws a HumanError for what does not fit. */
export function readCommandLine(
  args: readonly string[],
  own: FlagTable,
  maxPositionals: number,
): CommandLine {
  const options = {
    ...commonFlags,
    ...Object.fromEntries(Object.entries(own).map(([name, flag]) => [name, { type: flag.type }])),
  };
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new HumanError((error as Error).message);
  }
  if (parsed.positionals.length > maxPositionals) {
    throw new HumanError(`Unexpected argument: ${parsed.positionals[maxPositionals] ?? ''}`);
  }
  const values: Record<string, unknown> = { ...parsed.values };
  for (const name of Object.keys(commonFlags)) {
    // An unset variable of a shell script; resolved as a path it would mean the current folder.
    if ([values[name]].flat().includes('')) throw new HumanError(`--${name} needs a value.`);
  }
  const workspace = path.resolve(typeof values['workspace'] === 'string' ? values['workspace'] : '.');
  if (!statSync(workspace, { throwIfNoEntry: false })?.isDirectory()) {
    throw new HumanError(`--workspace: there is no folder ${workspace}`);
  }
  const telemetry = values['telemetry'] as string[] | undefined;
  const store = typeof values['store'] === 'string' ? path.resolve(values['store']) : undefined;
  if (store !== undefined) refuseForeignFile(store);
  return {
    common: {
      workspace,
      json: values['json'] === true,
      ...(telemetry ? { telemetry: telemetry.map((given) => path.resolve(given)) } : {}),
      ...(store === undefined ? {} : { store }),
    },
    positionals: parsed.positionals,
    flags: Object.fromEntries(
      Object.keys(own).map((name) => [name, values[name] as string | boolean | undefined]),
    ),
  };
}

/** A mistyped path must not cost anybody a file: what is no SQLite database was never a store. */
function refuseForeignFile(file: string): void {
  const info = statSync(file, { throwIfNoEntry: false });
  if (info === undefined || info.size === 0) return;
  if (!info.isFile()) throw new HumanError(`--store: ${file} is not a file.`);
  const magic = Buffer.alloc(15);
  const opened = openSync(file, 'r');
  readSync(opened, magic, 0, magic.length, 0);
  closeSync(opened);
  if (magic.toString('latin1') !== 'SQLite format 3') {
    throw new HumanError(`--store: ${file} holds something else than figures of Suture; it was not touched.`);
  }
}
