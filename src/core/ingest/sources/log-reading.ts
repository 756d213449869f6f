import type { Decoded } from '../../model/source.ts';
import type { LogFormat } from '../format.ts';
import { oversizeProblem } from './decode-frame.ts';
import type { Frame } from './framing.ts';

/** One log read from its start with one decoder, of which a part was delivered before. */
export interface LogReading {
  /** Undefined for a line that was delivered before: it is read again only for what it means for the lines after it. */
  readonly take: (frame: Frame) => Decoded | undefined;
  /** What only the end makes complete; empty where it was delivered before. */
  readonly end: () => Decoded;
}

export interface LogFile {
  /** As shown. */
  readonly path: string;
  readonly key: string;
  /** Content delivered before. */
  readonly offset: number;
  /** The end of the log was delivered there too. */
  readonly ended: boolean;
}

export function createLogReading(format: LogFormat, { path, key, offset, ended }: LogFile): LogReading {
  const decoder = format.open({ path, key });
  let atEnd = ended;
  const passEnd = (): void => {
    if (atEnd) decoder.end();
    atEnd = false;
  };
  const read = (frame: Frame): Decoded => {
    if (frame.kind === 'oversize') return { spans: [], problems: [oversizeProblem(frame, path)] };
    return decoder.decode(frame.bytes.toString('utf8'), {
      line: frame.line,
      ...(frame.closed ? {} : { torn: true }),
    });
  };
  return {
    take(frame) {
      const before = frame.offset < offset;
      if (!before) passEnd();
      const decoded = read(frame);
      return before ? undefined : decoded;
    },
    end() {
      passEnd();
      return decoder.end();
    },
  };
}
