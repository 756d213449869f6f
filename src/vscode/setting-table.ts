interface SettingEntry {
  readonly type: 'boolean' | 'string' | 'integer';
  readonly default: boolean | string | number;
  readonly enum?: readonly string[];
  /** Of an integer. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Absent: `window`. A workspace has no say in what is of the `machine`. */
  readonly scope?: 'machine';
  /** English description; package.json names it through package.nls.json. */
  readonly description: string;
}

/** Every setting the extension contributes, by key without the prefix `suture.`; presentation only, what changes results lives in suture.json. */
export const settingTable = {
  'codeLens.enabled': {
    type: 'boolean',
    default: true,
    description: 'Show production figures above handlers.',
  },
  'codeLens.template': {
    type: 'string',
    default: '{p95} {change} {n} · {errors} · {rate} · {tests} · {more} · {anomalies}',
    description:
      'Text of the CodeLens. Places: {p50} {p95} {p99} {max} {change} {n} {errors} {clientErrors} {calls} {rate} {tests} {release} {more} {anomalies}. Segments are separated by " · "; a segment whose places are all empty is left out.',
  },
  'codeLens.middleware': {
    type: 'string',
    default: 'measured',
    enum: ['measured', 'always', 'never'],
    description: 'When middleware gets a CodeLens: where it was measured, always, or never.',
  },
  'hover.enabled': {
    type: 'boolean',
    default: true,
    description: 'Show percentiles, errors and tests when hovering a handler.',
  },
  'receiver.port': {
    type: 'integer',
    default: 4318,
    minimum: 1,
    maximum: 65_535,
    scope: 'machine',
    description:
      'Port of 127.0.0.1 on which telemetry is received; OpenTelemetry SDKs send to 4318 unless OTEL_EXPORTER_OTLP_ENDPOINT says otherwise.',
  },
  'tree.groupBy': {
    type: 'string',
    default: 'file',
    enum: ['file', 'plugin'],
    description: 'How the Handlers view groups handlers.',
  },
} as const satisfies Record<string, SettingEntry>;

export type SettingKey = keyof typeof settingTable;

/** Value type of one setting: its choices where it has some, else its plain type. */
export type SettingValue<Key extends SettingKey> = (typeof settingTable)[Key] extends {
  readonly enum: readonly (infer Choice)[];
}
  ? Choice
  : (typeof settingTable)[Key]['type'] extends 'boolean'
    ? boolean
    : (typeof settingTable)[Key]['type'] extends 'integer'
      ? number
      : string;
