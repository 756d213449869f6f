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

/** What a command that goes on until it is stopped needs of its process. */
export interface Running {
  /** Tells a person something at once, beside the answer. */
  readonly note: (line: string) => void;
  /** Resolves when the process is asked to end. */
  readonly stopped: Promise<void>;
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
  /** For a command that goes on until it is stopped: telemetry is followed, and received into this folder. */
  readonly receives?: (line: CommandLine) => {
    /** Absent: a temporary one. */
    readonly spool?: string;
  };
  readonly run: (
    engine: Engine,
    line: CommandLine,
    running: Running,
  ) => Promise<CommandResult> | CommandResult;
}
