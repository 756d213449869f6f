import type { Engine } from '../core/engine.ts';
import type { Problem } from '../core/model/problem.ts';
import type { CommandLine, FlagTable } from './options.ts';

/** What a command found: `data` is the JSON answer, `text` the same for a person; exit code 1 says there are findings. */
export interface CommandResult {
  readonly data: unknown;
  readonly text: string;
  readonly problems: readonly Problem[];
  readonly findings: boolean;
}

/** One subcommand of `suture`; it runs over a started engine. */
export interface Command {
  readonly id: string;
  readonly summary: string;
  readonly flags: FlagTable;
  /** Names of positional arguments, for the help. */
  readonly positionals: readonly string[];
  /** False for a call that must not depend on telemetry; absent: it is read. */
  readonly readsTelemetry?: (line: CommandLine) => boolean;
  readonly run: (engine: Engine, line: CommandLine) => Promise<CommandResult> | CommandResult;
}
