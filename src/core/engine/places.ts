import { createHash } from 'node:crypto';
import path from 'node:path';
import type { EngineOptions } from './face.ts';
import type { SpoolPlace } from './telemetry.ts';

/** The file that keeps the figures of these telemetry paths: other paths mean other figures, hence another file. */
export function storeOption(options: EngineOptions, paths: readonly string[]): { storeFile?: string } {
  const { storageFolder } = options.ports;
  if (options.storeFile !== undefined) return { storeFile: options.storeFile };
  if (storageFolder === undefined) return {};
  const name = createHash('sha256').update(paths.toSorted().join('\n')).digest('hex').slice(0, 12);
  return { storeFile: path.join(storageFolder, `figures-${name}.sqlite`) };
}

/** Where a receiver keeps what it receives; it is followed whether one listens or not, since another window's may. */
export function spoolOf({ spool, watch, ports: { storageFolder } }: EngineOptions): SpoolPlace | undefined {
  if (spool !== undefined || storageFolder === undefined || !watch) return spool;
  return { folder: path.join(storageFolder, 'received'), keep: false };
}
