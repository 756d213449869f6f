import type { DocumentPlan } from '../core/engine/documents.ts';
import type { Healing } from '../core/engine/healing.ts';
import type { RunProgress, RunSummary, RunTarget } from '../core/engine/tests.ts';
import type { Verdict } from '../core/model/fix.ts';
import type { Delivery, Detection, Explanation, FixAnswer, Learned } from '../core/model/healing.ts';
import type { FileModel } from '../core/model/read-model.ts';
import type { DoctorReport, EngineStatus, ReceiverStatus } from '../core/model/status.ts';

/** What a person did with a fix. */
export type FixDecision = Parameters<Healing['decide']>[0];

/** What a person wants to hear no more of, why and until when. */
export type SuppressionWish = Parameters<Healing['suppress']>[0];

/** What can be asked of an engine: name of the request, what it is about and type of its answer. */
export interface Requests {
  readonly doctor: { readonly argument: null; readonly answer: DoctorReport };
  readonly planDocs: { readonly argument: { readonly force: boolean }; readonly answer: DocumentPlan };
  /** Runs code of the workspace: asked on a person's wish and in a trusted workspace only. */
  readonly runTests: { readonly argument: RunTarget; readonly answer: RunSummary };
  /** Looks for anomalies now; the answer is pushed as a `detection` too. */
  readonly detect: { readonly argument: null; readonly answer: Detection };
  /** Runs git of the workspace, never its code. */
  readonly explain: { readonly argument: { readonly fingerprint: string }; readonly answer: Explanation };
  /** `mayRun`: recipes may run tests of the workspace in a copy of it. */
  readonly fix: {
    readonly argument: { readonly fingerprint: string; readonly mayRun: boolean };
    readonly answer: FixAnswer;
  };
  /** Runs code of the workspace in a copy of it: asked on a person's wish and in a trusted workspace only. */
  readonly validate: { readonly argument: { readonly fixId: string }; readonly answer: Verdict };
  readonly deliver: { readonly argument: { readonly fixId: string }; readonly answer: Delivery };
  readonly decide: { readonly argument: FixDecision; readonly answer: null };
  readonly suppress: { readonly argument: SuppressionWish; readonly answer: null };
  /** Opens a port of loopback: asked on a person's wish and in a trusted workspace only. */
  readonly startReceiving: {
    readonly argument: { readonly port: number };
    readonly answer: ReceiverStatus;
  };
  /** Answers what was received, null where nothing was listening. */
  readonly stopReceiving: { readonly argument: null; readonly answer: ReceiverStatus | null };
  readonly learn: { readonly argument: null; readonly answer: Learned };
}

export type RequestName = keyof Requests;

/** A name with the argument that belongs to it. */
export type RequestBody = {
  [Name in RequestName]: { readonly name: Name; readonly argument: Requests[Name]['argument'] };
}[RequestName];

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** From the extension host to the worker; `folder` is the absolute path of a workspace folder and names its engine. */
export type ToWorker =
  | { readonly type: 'open'; readonly folder: string; readonly storageFolder?: string }
  | { readonly type: 'close'; readonly folder: string }
  /** Text of an open editor with its document version; null text: the file on disk counts again. */
  | {
      readonly type: 'text';
      readonly folder: string;
      readonly path: string;
      readonly text: string | null;
      readonly version: number;
    }
  | { readonly type: 'changed'; readonly folder: string; readonly paths: readonly string[] }
  | { readonly type: 'request'; readonly id: number; readonly folder: string; readonly body: RequestBody }
  /** Ends what was asked where it can be ended; there will be no answer. */
  | { readonly type: 'cancel'; readonly id: number }
  /** Close every engine and let the thread end. */
  | { readonly type: 'shutdown' };

/** From the worker to the extension host. */
export type FromWorker =
  /** Models that changed; `versions` tells of which document version a model is, for files whose text was sent. */
  | {
      readonly type: 'files';
      readonly folder: string;
      readonly models: readonly FileModel[];
      readonly versions: Readonly<Record<string, number>>;
    }
  /** The text of that version is in and every model of the file sent so far is of it. */
  | { readonly type: 'settled'; readonly folder: string; readonly path: string; readonly version: number }
  | { readonly type: 'status'; readonly folder: string; readonly status: EngineStatus }
  | { readonly type: 'detection'; readonly folder: string; readonly detection: Detection }
  /** This folder's engine could not start or go on; the others do. */
  | { readonly type: 'failed'; readonly folder: string; readonly message: string }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string }
  | { readonly type: 'progress'; readonly id: number; readonly progress: RunProgress }
  | {
      readonly type: 'answer';
      readonly id: number;
      readonly ok: true;
      readonly value: Requests[RequestName]['answer'];
    }
  | { readonly type: 'answer'; readonly id: number; readonly ok: false; readonly message: string };
