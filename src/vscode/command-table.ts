interface CommandEntry {
  /** English title; package.json names it through package.nls.json. */
  readonly title: string;
  readonly icon?: string;
}

/** Every command the extension contributes, by id without the prefix `suture.`. */
export const commandTable = {
  showStatus: { title: 'Show Status' },
  doctor: { title: 'Why Is There Nothing Here?', icon: '$(question)' },
  openTelemetryFolder: { title: 'Open Telemetry Folder', icon: '$(folder-opened)' },
  showLog: { title: 'Show Log' },
  copyHandlerId: { title: 'Copy Handler Id' },
  showHandlerDetails: { title: 'Show Handler Details' },
  restartEngine: { title: 'Restart Engine' },
} as const satisfies Record<string, CommandEntry>;

export type CommandName = keyof typeof commandTable;
