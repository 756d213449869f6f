import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { createEngine } from '../core/engine.ts';
import { HumanError } from '../core/model/human-error.ts';
import type { Problem } from '../core/model/problem.ts';
import type { Command, CommandResult } from './command.ts';
import * as registry from './commands/registry.ts';
import { readCommandLine, type CommandLine, type CommonOptions } from './options.ts';
import { printable } from './table.ts';

const { version } = manifest;
const commands = new Map<string, Command>(Object.values(registry).map((command) => [command.id, command]));

/** Runs one command; returns the exit code: 0 clean, 1 findings, 2 could not run. */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  // Whoever reads may have seen enough: `suture metrics | head`.
  process.stdout.on('error', ignoreClosedPipe);
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    process.stdout.write(usage());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  try {
    const command = commands.get(name);
    if (!command) throw new HumanError(`There is no command "${name}". Try: suture --help`);
    if (rest.includes('--help') || rest.includes('-h')) {
      process.stdout.write(commandUsage(command));
      return 0;
    }
    const line = readCommandLine(rest, command.flags, command.positionals.length);
    const common = (command.readsTelemetry?.(line) ?? true) ? line.common : { ...line.common, telemetry: [] };
    const receiving = command.receives?.(line);
    const result = await withEngine({ ...common, receiving, baseline: baselineOf(line) }, (engine) =>
      command.run(engine, line, { note, stopped: receiving ? asked() : Promise.resolve() }),
    );
    await print(command, line.common, result);
    return result.findings ? 1 : 0;
  } catch (error) {
    const message = error instanceof HumanError ? error.message : ((error as Error).stack ?? String(error));
    process.stderr.write(`suture: ${message}\n`);
    return 2;
  }
}

/** Paths to compare with, of commands that take `--baseline`. */
function baselineOf({ flags }: CommandLine): readonly string[] | undefined {
  const { baseline } = flags;
  if (typeof baseline !== 'string') return undefined;
  if (baseline === '') throw new HumanError('--baseline needs a value.');
  const absolute = path.resolve(baseline);
  if (!existsSync(absolute)) throw new HumanError(`--baseline: there is no ${absolute}`);
  return [absolute];
}

interface EngineWish extends CommonOptions {
  readonly baseline: readonly string[] | undefined;
  readonly receiving: ReturnType<NonNullable<Command['receives']>> | undefined;
}

async function withEngine(
  options: EngineWish,
  use: (engine: ReturnType<typeof createEngine>) => CommandResult | Promise<CommandResult>,
): Promise<CommandResult> {
  const { baseline, receiving } = options;
  const given = receiving?.spool;
  const temporary =
    receiving && given === undefined ? await mkdtemp(path.join(tmpdir(), 'suture-received-')) : undefined;
  const folder = given ?? temporary;
  const engine = createEngine({
    root: options.workspace,
    watch: receiving !== undefined,
    ports: {
      log: (level, message) => {
        if (level === 'error') process.stderr.write(`suture: ${printable(message)}\n`);
      },
      now: Date.now,
    },
    ...(baseline ? { baseline } : {}),
    // A folder that a person named is a recording, unless its figures are kept elsewhere.
    ...(folder === undefined
      ? {}
      : { spool: { folder, keep: given !== undefined && options.store === undefined } }),
    ...(options.telemetry ? { telemetry: options.telemetry } : {}),
    ...(options.store === undefined ? {} : { storeFile: options.store }),
  });
  try {
    await engine.start();
    return await use(engine);
  } finally {
    await engine.close();
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  }
}

/** Resolves at the first Ctrl-C or request to end; a second one ends the process at once. */
function asked(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

function note(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}

async function print(command: Command, options: CommonOptions, result: CommandResult): Promise<void> {
  if (!options.json) {
    await write(process.stdout, result.text);
    await write(process.stderr, result.problems.map(problemLine).join(''));
    return;
  }
  const document = {
    schema: `suture.${command.id}/1`,
    workspace: options.workspace.replaceAll('\\', '/'),
    data: result.data,
    problems: result.problems,
  };
  await write(process.stdout, JSON.stringify(document, null, 2) + '\n');
}

function problemLine(problem: Problem): string {
  const at = problem.line === undefined ? problem.file : `${problem.file}:${problem.line}`;
  const times = problem.count > 1 ? ` (${problem.count} times)` : '';
  return `${printable(`${at}: ${problem.message}${times} [${problem.code}]`)}\n`;
}

/** Waits until a pipe took everything: exiting earlier would cut a long answer. */
function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  if (text === '') return Promise.resolve();
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error && !isClosedPipe(error) ? reject(error) : resolve()));
  });
}

const isClosedPipe = (error: NodeJS.ErrnoException): boolean => error.code === 'EPIPE';

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (!isClosedPipe(error)) throw error;
}

function usage(): string {
  const width = Math.max(...[...commands.keys()].map((id) => id.length));
  const list = [...commands.values()].map((command) => `  ${command.id.padEnd(width)}  ${command.summary}`);
  return `Usage: suture <command> [options]\n\n${list.join('\n')}\n\n${commonHelp}`;
}

function commandUsage(command: Command): string {
  const own = Object.entries(command.flags).map(([name, flag]) => `  --${name.padEnd(16)}  ${flag.help}`);
  const positionals = command.positionals.map((name) => ` [${name}]`).join('');
  return `Usage: suture ${command.id}${positionals} [options]\n\n${command.summary}\n\n${own.length > 0 ? own.join('\n') + '\n' : ''}${commonHelp}`;
}

const commonHelp = `  --workspace, -w DIR  workspace folder (default: the current folder)
  --telemetry, -t PATH telemetry folder or file, repeatable (default: what suture.json says, else .telemetry and .logs)
  --store FILE         keep figures in this SQLite file between runs (default: in memory)
  --json               one JSON document on standard output

Exit codes: 0 clean, 1 findings, 2 could not run.
`;
