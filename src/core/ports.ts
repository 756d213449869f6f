/** What a host (editor, CLI, test) provides to the core, which itself never prints, exits or reads the wall clock. */
export interface Ports {
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
  /** Wall clock, milliseconds since the epoch. */
  readonly now: () => number;
  /** Folder for the store of this workspace; absent: everything stays in memory. */
  readonly storageFolder?: string;
}
