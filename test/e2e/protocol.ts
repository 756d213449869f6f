// What the suite inside the extension host and the process outside tell each other, through files in one folder: the
// extension host is a process that somebody else starts, so files are the one channel that every host has.

/** Environment variable with the path of the channel folder. */
export const channelVariable = 'SUTURE_E2E_CHANNEL';

/** `channel/suite.json`: what the suite is to run. */
export interface SuiteOrder {
  readonly suite: SuiteName;
  /** Bundled test files, absolute. */
  readonly files: readonly string[];
  /** Keeps only tests whose full title matches; absent: all. */
  readonly grep?: string;
}

export const suiteNames = ['trusted', 'healing', 'conductor', 'folders', 'untrusted'] as const;

/** A folder of test files; `healing` is trusted too, over the release of the shop that has faults, as a git repository; `conductor` over the sample with a console log; `folders` over both in one window. */
export type SuiteName = (typeof suiteNames)[number];

/** One line of `channel/events.ndjson`. */
export type SuiteEvent =
  | { readonly type: 'start'; readonly tests: number; readonly host: string }
  /** A test begins. */
  | { readonly type: 'test'; readonly title: string }
  | { readonly type: 'pass'; readonly title: string; readonly ms: number }
  | { readonly type: 'fail'; readonly title: string; readonly error: string }
  | { readonly type: 'skip'; readonly title: string }
  /** Something measured, to be printed. */
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'end' }
  | { readonly type: 'crash'; readonly error: string };

/** `channel/<id>.request`: something to do to the page that shows the editor. */
export type PageRequest =
  | { readonly action: 'shot'; readonly name: string }
  /** Moves the mouse over the first visible element with this text, or that this CSS selector finds. */
  | { readonly action: 'hover' | 'click'; readonly text?: string; readonly selector?: string }
  | { readonly action: 'press'; readonly keys: string }
  | { readonly action: 'type'; readonly text: string }
  /** Visible texts of all elements that the CSS selector finds, in document order. */
  | { readonly action: 'texts'; readonly selector: string };

/** `channel/<id>.response`. */
export type PageResponse =
  { readonly ok: true; readonly texts: readonly string[] } | { readonly ok: false; readonly error: string };
