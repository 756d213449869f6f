interface CommandEntry {
  /** English title; package.json names it through package.nls.json. */
  readonly title: string;
  readonly icon?: string;
  /** When it can be chosen; the command itself must still refuse. */
  readonly enablement?: string;
}

/** Every command the extension contributes, by id without the prefix `suture.`. */
export const commandTable = {
  showStatus: { title: 'Show Status' },
  doctor: { title: 'Why Is There Nothing Here?', icon: '$(question)' },
  regenerateDocs: { title: 'Regenerate Docs', icon: '$(book)' },
  runTests: { title: 'Run Tests of Handler', icon: '$(play)', enablement: 'isWorkspaceTrusted' },
  runTestsInFile: { title: 'Run Tests in File', enablement: 'isWorkspaceTrusted' },
  runAllTests: { title: 'Run All Tests', icon: '$(run-all)', enablement: 'isWorkspaceTrusted' },
  openTelemetryFolder: { title: 'Open Telemetry Folder', icon: '$(folder-opened)' },
  startReceiving: {
    title: 'Start Receiving Telemetry',
    icon: '$(broadcast)',
    enablement: 'isWorkspaceTrusted',
  },
  stopReceiving: { title: 'Stop Receiving Telemetry', icon: '$(debug-disconnect)' },
  showLog: { title: 'Show Log' },
  copyHandlerId: { title: 'Copy Handler Id' },
  showHandlerDetails: { title: 'Show Handler Details' },
  explainAnomaly: { title: 'Explain Anomaly', icon: '$(info)' },
  fixAnomaly: { title: 'Fix Anomaly', icon: '$(wrench)', enablement: 'isWorkspaceTrusted' },
  suppressAnomaly: { title: 'Suppress Anomaly', icon: '$(bell-slash)' },
  showAnomaly: { title: 'Show Anomaly in Tree' },
  copyFingerprint: { title: 'Copy Fingerprint' },
  openSuppressions: { title: 'Open Suppressions' },
  showLearned: { title: 'Show What Became of Fixes', icon: '$(history)' },
  restartEngine: { title: 'Restart Engine' },
} as const satisfies Record<string, CommandEntry>;

export type CommandName = keyof typeof commandTable;
