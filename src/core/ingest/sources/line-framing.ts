import type { Frame, Framer } from './framing.ts';

const newline = 0x0a;
const carriageReturn = 0x0d;
const nothing = Buffer.alloc(0);

/**
 * Cuts a log into its lines, from its start; every line that is not empty is a frame, without its line break (which may be
 * CRLF). A line over the limit keeps its place but not its bytes. Only the last frame of `end` is not closed.
 */
export function createLineFramer({ maxRecordBytes }: { readonly maxRecordBytes: number }): Framer {
  let base = 0;
  let line = 0;
  let startOffset = 0;
  let pieces: Buffer[] = [];
  let length = 0;

  const frame = (last: Buffer, closed: boolean): Frame | undefined => {
    const whole = length + last.length;
    const oversize = whole > maxRecordBytes;
    const raw = oversize ? nothing : pieces.length === 0 ? last : Buffer.concat([...pieces, last]);
    const bytes = closed && raw.at(-1) === carriageReturn ? raw.subarray(0, -1) : raw;
    const place = { offset: startOffset, line: line + 1, endLine: line, closed };
    pieces = [];
    length = 0;
    if (oversize) return { kind: 'oversize', length: whole, bytes: nothing, ...place };
    return bytes.length === 0 ? undefined : { kind: 'record', length: bytes.length, bytes, ...place };
  };

  return {
    push(chunk) {
      const frames: Frame[] = [];
      let from = 0;
      for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
        const found = frame(chunk.subarray(from, at), true);
        if (found) frames.push(found);
        from = at + 1;
        line += 1;
        startOffset = base + from;
      }
      if (from < chunk.length) {
        length += chunk.length - from;
        if (length > maxRecordBytes) pieces = [];
        else pieces.push(Buffer.from(chunk.subarray(from)));
      }
      base += chunk.length;
      return frames;
    },
    settle: () => [],
    end() {
      const rest = frame(nothing, false);
      return rest ? [rest] : [];
    },
    get offset() {
      return base;
    },
  };
}
