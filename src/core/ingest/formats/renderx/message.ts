/** State keys that a handler added, updated and removed; the values are never kept. */
export interface Changes {
  readonly added: readonly string[];
  readonly updated: readonly string[];
  readonly removed: readonly string[];
}

/** What a line says; names as logged, times in milliseconds. */
export type Message =
  | { readonly k: 'play'; readonly plugin: string; readonly sequenceId: string }
  | { readonly k: 'execution-start'; readonly sequence: string }
  | { readonly k: 'execution-end'; readonly sequence: string; readonly ms: number }
  | { readonly k: 'movement-start'; readonly movement: string; readonly beats: number }
  | { readonly k: 'movement-timed'; readonly movement: string; readonly sequence: string }
  | { readonly k: 'movement-end'; readonly movement: string; readonly ms: number }
  | { readonly k: 'request'; readonly id: string }
  | { readonly k: 'beat-start'; readonly beat: number; readonly sequence: string }
  | { readonly k: 'beat-event'; readonly event: string }
  | { readonly k: 'beat-timed'; readonly beat: number; readonly ms: number }
  | { readonly k: 'beat-end'; readonly beat: number; readonly event: string; readonly ms: number }
  | HandlerBaton
  | { readonly k: 'executor-baton'; readonly sequence: string; readonly beat: number; readonly event: string }
  | { readonly k: 'registered' | 'queued'; readonly sequence: string; readonly sequenceId: string }
  | { readonly k: 'mounted'; readonly plugin: string }
  | Subscribed
  | { readonly k: 'subscribers'; readonly count: number }
  | {
      readonly k: 'subscriber-timed';
      readonly subscriber: number;
      readonly phase: string;
      readonly ms: number;
    }
  | { readonly k: 'waiting'; readonly ms: number; readonly timing: string }
  | { readonly k: 'healthy' }
  | Failure;

export interface HandlerBaton {
  readonly k: 'handler-baton';
  readonly sequence: string;
  readonly event: string;
  readonly handler: string;
  readonly plugin?: string;
  readonly request?: string;
  readonly changes: Changes;
}

export interface Subscribed {
  readonly k: 'subscribed';
  readonly event: string;
  readonly total: number;
  readonly plugin?: string;
  readonly sequenceId?: string;
  /** Bookkeeping of the conductor, no handler. */
  readonly cleanup: boolean;
}

/** Something that really failed; `error` is what the line itself says of it, the rest follows on bare lines. */
export type Failure =
  | { readonly k: 'handler-failed'; readonly owner: string; readonly handler: string; readonly error: string }
  | { readonly k: 'subscriber-failed'; readonly event: string | undefined; readonly error: string }
  | {
      readonly k: 'beat-failed';
      readonly beat: number | undefined;
      readonly ms: number | undefined;
      readonly error: string;
    }
  | { readonly k: 'movement-failed'; readonly movement: string | undefined; readonly error: string }
  | {
      readonly k: 'sequence-failed';
      readonly sequence: string | undefined;
      readonly ms: number | undefined;
      readonly error: string;
    }
  | { readonly k: 'retry'; readonly beat: number | undefined }
  | { readonly k: 'fault'; readonly fault: string; readonly error: string };

/** A pattern that must match where the text stands, and what it means. */
export type Pattern = readonly [RegExp, (groups: readonly (string | undefined)[]) => Message];
