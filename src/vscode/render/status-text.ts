import type { EngineStatus, ReceiverStatus } from '../../core/model/status.ts';
import { formatCount, formatTime } from './figures.ts';
import type { Translate } from './translate.ts';

/** What one folder's engine is doing, as the editor sees it. */
export type FolderState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'live'; readonly status: EngineStatus }
  | { readonly kind: 'stale'; readonly status: EngineStatus | null }
  | { readonly kind: 'failed'; readonly message: string };

export type StatusKind = 'indexing' | 'reading' | 'no-telemetry' | 'ready' | 'stale' | 'failed';

/** The state of a folder in one word. */
export function statusKind(state: FolderState): StatusKind {
  if (state.kind === 'failed' || state.kind === 'stale') return state.kind;
  if (state.kind === 'starting') return 'indexing';
  if (state.status.phase === 'reading') return 'reading';
  if (state.status.phase !== 'ready') return 'indexing';
  return state.status.calls === 0 ? 'no-telemetry' : 'ready';
}

const weight: readonly StatusKind[] = ['ready', 'no-telemetry', 'reading', 'indexing', 'stale', 'failed'];

const statusOf = (state: FolderState): EngineStatus | null => ('status' in state ? state.status : null);

/** The one item of the status bar for all folders: the heaviest state and the sum of the counts; null where there is no folder. */
export function statusText(
  states: readonly FolderState[],
  t: Translate,
): { readonly kind: StatusKind; readonly text: string } | null {
  if (states.length === 0) return null;
  const kind = states
    .map(statusKind)
    .reduce((worst, next) => (weight.indexOf(next) > weight.indexOf(worst) ? next : worst));
  const sum = (pick: (status: EngineStatus) => number): number =>
    states.reduce((total, state) => {
      const status = statusOf(state);
      return status === null ? total : total + pick(status);
    }, 0);
  const handlers = sum((status) => status.handlers);
  const counts = t(
    '{0}/{1} handlers',
    sum((status) => status.handlersMeasured),
    handlers,
  );
  const text = {
    indexing: `$(sync~spin) Suture: ${t('indexing')}`,
    reading: `$(sync~spin) Suture: ${t('reading telemetry')}`,
    'no-telemetry': `$(circle-slash) Suture: ${handlers === 0 ? t('no telemetry') : t('{0} handlers, no telemetry', handlers)}`,
    ready: `$(pulse) Suture: ${counts}`,
    stale: `$(history) Suture: ${t('{0}, stale', counts)}`,
    failed: `$(error) Suture: ${t('stopped')}`,
  }[kind];
  const receiving = states.some((state) => statusOf(state)?.receiver !== undefined);
  return { kind, text: receiving ? `${text} $(broadcast)` : text };
}

/** One line about one folder for lists and tooltips. */
export function folderLine(state: FolderState, t: Translate): string {
  if (state.kind === 'failed') return t('The engine stopped: {0}', state.message);
  const status = statusOf(state);
  if (status === null) return t('Indexing…');
  const line = [
    t('{0} of {1} handlers measured', status.handlersMeasured, status.handlers),
    t('{0} of {1} operations mapped', status.operationsMapped, status.operations),
    t('{0} calls', formatCount(status.calls)),
    status.newestMs === null ? t('no event yet') : t('newest event {0} UTC', formatTime(status.newestMs)),
    ...(status.receiver ? [receiverLine(status.receiver, t)] : []),
    ...(status.problemCount > 0 ? [t('{0} problems', status.problemCount)] : []),
  ].join(', ');
  return state.kind === 'stale' ? `${line} (${t('stale: the engine is restarting')})` : line;
}

/** That telemetry is received, where and how much came. */
export function receiverLine({ addresses, spans }: ReceiverStatus, t: Translate): string {
  return t('receiving on {0} ({1} spans so far)', addresses[0] ?? '', formatCount(spans));
}
