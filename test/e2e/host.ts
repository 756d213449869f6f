import type { Page } from 'playwright-core';

/** One start of VS Code that runs the suite. */
export interface HostOrder {
  readonly trusted: boolean;
  /** The unpacked VSIX: what is tested is what is shipped. */
  readonly extension: string;
  /** The module whose `run()` the extension host calls. */
  readonly tests: string;
  /** A folder, or a `.code-workspace` file. */
  readonly workspace: string;
  /** Empty folder of our own for user data. */
  readonly profile: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
}

export interface HostEnd {
  readonly reason: string;
  /** The browser is to blame, which says nothing about what is tested: worth another try. */
  readonly pageDied: boolean;
}

export interface RunningHost {
  /** The window, to look at and drive; undefined until it is there. */
  readonly page: () => Page | undefined;
  /** Resolves when VS Code ended by itself. */
  readonly ended: Promise<HostEnd>;
  readonly stop: () => Promise<void>;
}

export type StartHost = (order: HostOrder) => Promise<RunningHost>;
