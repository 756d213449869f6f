import type { Detection } from '../model/healing.ts';
import type { Ports } from '../ports.ts';

/** Looks for anomalies a while after things changed, never twice at once, and tells when the answer differs. */
export interface DetectionPush {
  readonly soon: () => void;
  /** Tells an answer that somebody else has just asked for. */
  readonly tell: (detection: Detection) => void;
  readonly close: () => void;
}

/** Figures move with every span, anomalies do not: looking more often would only cost time. */
const delayMs = 1500;

export function createDetectionPush(options: {
  readonly detect: () => Promise<Detection>;
  readonly log: Ports['log'];
  /** Absent: nothing is ever looked for. */
  readonly onDetection: ((detection: Detection) => void) | undefined;
}): DetectionPush {
  const { detect, log, onDetection } = options;
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let again = false;
  let closed = false;
  let told = '';

  const tell = (detection: Detection): void => {
    const text = JSON.stringify(detection);
    if (!closed && text !== told) onDetection?.(detection);
    told = text;
  };

  const look = async (): Promise<void> => {
    timer = undefined;
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      tell(await detect());
    } catch (error) {
      log(
        'error',
        `Looking for anomalies failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
    running = false;
    if (again) soon();
    again = false;
  };

  function soon(): void {
    if (closed || onDetection === undefined) return;
    timer ??= setTimeout(() => void look(), delayMs);
  }

  return {
    soon,
    tell,
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}
