import type { CodeAnalysis } from '../code/analysis.ts';
import type { Evidence, Finding } from '../model/anomaly.ts';
import type { OperationComparison } from '../model/comparison.ts';
import type { Cause, CodeSite } from '../model/diagnosis.ts';
import type { Handler } from '../model/handler.ts';

/** What is known about an anomaly when its cause is looked for. */
export interface DiagnoseInput {
  readonly finding: Finding;
  /** Absent where correlation names none: then only telemetry speaks. */
  readonly handler?: Handler;
  readonly comparison?: OperationComparison;
}

export interface DiagnosePorts {
  readonly code: CodeAnalysis;
  /** Workspace file of an untrusted path as a stack frame reports it; null where it is none of ours. */
  readonly locate: (reported: string) => string | null;
  /** Who changed this code last, as evidence; empty where there is no git. */
  readonly lastChanges: (site: CodeSite) => Promise<readonly Evidence[]>;
}

/** Knows one kind of cause. */
export interface CauseFinder {
  /** A noun: `awaited-call-in-loop`. */
  readonly id: string;
  readonly title: string;
  /** Ids of the detectors whose findings it can explain. */
  readonly explains: readonly string[];
  readonly find: (input: DiagnoseInput, ports: DiagnosePorts) => Promise<readonly Cause[]>;
  /** A small workspace (path -> text), the finding and the place (`file:line`) of the first cause. */
  readonly example: {
    readonly files: Readonly<Record<string, string>>;
    readonly input: DiagnoseInput;
    readonly at: string;
  };
}
