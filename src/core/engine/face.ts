import type { Parser } from '../code/parser.ts';
import type { HandlerIndex } from '../model/handler.ts';
import type { Detection } from '../model/healing.ts';
import type { FileModel, OperationRow } from '../model/read-model.ts';
import type { DoctorReport, EngineStatus } from '../model/status.ts';
import type { Ports } from '../ports.ts';
import type { Documents } from './documents.ts';
import type { Healing } from './healing.ts';
import type { Receiving } from './receiving.ts';
import type { SpoolPlace } from './telemetry.ts';
import type { Tests } from './tests.ts';

export interface EngineOptions {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  /** Absolute telemetry folders or files; absent: those of `suture.json`, else `.telemetry` and `.logs`. */
  readonly telemetry?: readonly string[];
  /** True: follow telemetry as it grows. */
  readonly watch: boolean;
  /** File that keeps figures; absent: one in the storage folder of the ports, or none. */
  readonly storeFile?: string;
  /** Where a receiver keeps what it receives; absent: a folder beside the store, or none. */
  readonly spool?: SpoolPlace;
  readonly ports: Ports;
  /** Where source text is parsed; absent: in this thread. Closed with the engine. */
  readonly parser?: Parser;
  /** Called after a change with the files whose models differ from before (a file without handlers any more comes with none). */
  readonly onFiles?: (models: readonly FileModel[]) => void;
  readonly onStatus?: (status: EngineStatus) => void;
  /** Called with what detection says, each time it differs. */
  readonly onDetection?: (detection: Detection) => void;
  /** Absolute telemetry paths to compare with as they are, instead of the release before. */
  readonly baseline?: readonly string[];
}

/** The pipeline over one workspace folder; every answer comes from memory. */
export interface Engine {
  /** Indexes the sources and reads the telemetry that is there; resolves when both are in. */
  readonly start: () => Promise<void>;
  /** Text of an editor that is not saved; null: the file on disk counts again. */
  readonly setText: (path: string, text: string | null) => Promise<void>;
  /** Source files created, changed or deleted on disk (posix, relative). */
  readonly filesChanged: (paths: readonly string[]) => Promise<void>;
  readonly fileModels: () => readonly FileModel[];
  readonly index: () => HandlerIndex;
  /** One row per operation and live release, most calls first; middleware apart. */
  readonly operations: () => {
    readonly operations: readonly OperationRow[];
    readonly middleware: readonly OperationRow[];
  };
  readonly status: () => EngineStatus;
  readonly doctor: () => DoctorReport;
  readonly documents: Documents;
  /** Runs tests of the workspace and shows their results; only on a person's wish, in a trusted workspace. */
  readonly runTests: Tests['run'];
  readonly healing: Healing;
  readonly receiving: Receiving;
  /** Resolves when all telemetry that is there now was read. */
  readonly catchUp: () => Promise<void>;
  readonly close: () => Promise<void>;
}
