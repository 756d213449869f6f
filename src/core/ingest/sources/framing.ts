import type { Span } from '../../model/span.ts';

/** A stretch of a file's content: a record, text that is none, or a record over the size limit (the last two without bytes). */
export interface Frame {
  readonly kind: 'record' | 'junk' | 'oversize';
  /** Bytes of content before it. */
  readonly offset: number;
  readonly length: number;
  /** From 1. */
  readonly line: number;
  /** Line breaks before its end: where another framer can go on. */
  readonly endLine: number;
  /** False when it ended at a line break or at the end of input before its braces were closed. */
  readonly closed: boolean;
  /** Valid until the framer is given its next chunk. */
  readonly bytes: Buffer;
  /** Its spans, where `FramerOptions.scan` gave them. */
  readonly scanned?: readonly Span[];
}

/** Cuts a stream of bytes into records; every byte is looked at once, however the stream is chunked. */
export interface Framer {
  /** The chunk may be reused by the caller afterwards. */
  push(chunk: Buffer): readonly Frame[];
  /** Gives what is whole without a line break behind it; to be called when no more is there for now. */
  settle(): readonly Frame[];
  /** Gives what is left over as a frame; the framer is spent after it. */
  end(): readonly Frame[];
  /** Bytes pushed, counted from the start of the content. */
  readonly offset: number;
}

export interface FramerOptions {
  readonly offset: number;
  /** Line breaks before `offset`. */
  readonly line: number;
  readonly maxRecordBytes: number;
  /** Tried first on a line that may be one record: its spans, if it is exactly that and has nothing bad. */
  readonly scan?: (line: Buffer, number: number) => readonly Span[] | undefined;
}

const quote = 0x22;
const comma = 0x2c;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const newline = 0x0a;
const space = 0x20;
const recordSeparator = 0x1e;
/** Bytes that matter inside a text. */
const endsRun = new Uint8Array(256);
endsRun[quote] = endsRun[backslash] = endsRun[newline] = 1;
/** Bytes that matter outside a text. */
const structural = new Uint8Array(256);
for (const byte of [quote, openBrace, openBracket, closeBrace, closeBracket, newline]) structural[byte] = 1;
/** Longer lines are looked at byte by byte as they come. */
const longestLine = 16 * 1024 * 1024;
const nothing = Buffer.alloc(0);
const byteOrderMark = [0xef, 0xbb, 0xbf];

/**
 * Records are JSON objects, wherever their braces close: one a line, several a line, spread over lines, or the elements of
 * an array (brackets and commas between records are skipped). A half-written record ends at a line break inside a text, or
 * at a line break followed by `{` in the first column; so an object spread over lines must be indented.
 */
export function createFramer(options: FramerOptions): Framer {
  const { maxRecordBytes, scan: scanLine } = options;
  let state: 'between' | 'record' | 'junk' = 'between';
  let scan = newScan();
  let base = options.offset;
  let line = options.line;
  let startOffset = 0;
  let startLine = 0;
  let oversize = false;
  let pieces: Buffer[] = [];
  let piecesLength = 0;
  let frames: Frame[] = [];
  /** The start of a line whose end is yet to come. */
  let waiting: Buffer[] = [];
  let waitingLength = 0;
  /** True while no line is to be waited for. */
  let settling = false;

  const begin = (next: 'record' | 'junk', offset: number): void => {
    state = next;
    startOffset = offset;
    startLine = line + 1;
    scan = newScan();
    oversize = false;
  };

  const keep = (bytes: Buffer): void => {
    if (state !== 'record' || bytes.length === 0) return;
    piecesLength += bytes.length;
    oversize ||= piecesLength > maxRecordBytes;
    if (oversize) pieces = [];
    else pieces.push(Buffer.from(bytes));
  };

  /** Ends the current stretch at `index` of the chunk. */
  const finish = (chunk: Buffer, from: number, index: number, closed: boolean): void => {
    const offset = base + index;
    const length = offset - startOffset;
    oversize ||= state === 'record' && length > maxRecordBytes;
    const kind = oversize ? 'oversize' : state === 'junk' ? 'junk' : 'record';
    const bytes = kind === 'record' ? bytesOf(chunk.subarray(from, index)) : nothing;
    frames.push({ kind, offset: startOffset, length, line: startLine, endLine: line, closed, bytes });
    pieces = [];
    piecesLength = 0;
    state = 'between';
  };

  const bytesOf = (last: Buffer): Buffer => (pieces.length === 0 ? last : Buffer.concat([...pieces, last]));

  /** Scans on in a record from `index`; returns the index after it, or the chunk's length. */
  const scanRecord = (chunk: Buffer, from: number): number => {
    const index = scanObject(chunk, from, scan);
    line += scan.newlines;
    scan.newlines = 0;
    if (scan.ended === 'no') keep(chunk.subarray(from));
    else finish(chunk, from, index, scan.ended === 'closed');
    return index;
  };

  const scanJunk = (chunk: Buffer, from: number): number => {
    const found = chunk.indexOf(newline, from);
    if (found === -1) return chunk.length;
    finish(chunk, from, found, true);
    return found;
  };

  /** Where the line is one record that the scanner takes, the index after it; the chunk's length where the line goes on. */
  const takeLine = (
    chunk: Buffer,
    from: number,
    scanOf: NonNullable<FramerOptions['scan']>,
  ): number | undefined => {
    const found = chunk.indexOf(newline, from);
    if (found === -1) {
      if (settling || chunk.length - from > longestLine) return undefined;
      waiting.push(Buffer.from(chunk.subarray(from)));
      waitingLength = chunk.length - from;
      return chunk.length;
    }
    let end = found;
    while (end > from && chunk[end - 1] !== closeBrace && isBlank(chunk[end - 1] as number)) end -= 1;
    if (chunk[end - 1] !== closeBrace || end - from > maxRecordBytes) return undefined;
    const bytes = chunk.subarray(from, end);
    const scanned = scanOf(bytes, line + 1);
    if (scanned === undefined) return undefined;
    const place = { offset: base + from, length: end - from, line: line + 1, endLine: line };
    frames.push({ kind: 'record', closed: true, bytes, scanned, ...place });
    return end;
  };

  const scanBetween = (chunk: Buffer, from: number): number => {
    const byte = chunk[from] as number;
    if (byte === newline) line += 1;
    else if (byte === openBrace) {
      const end = scanLine === undefined ? undefined : takeLine(chunk, from, scanLine);
      if (end !== undefined) return end;
      begin('record', base + from);
      return from;
    } else if (!isFiller(byte, base + from)) begin('junk', base + from);
    return from + 1;
  };

  const consume = (chunk: Buffer): void => {
    let index = 0;
    while (index < chunk.length) {
      if (state === 'record') index = scanRecord(chunk, index);
      else if (state === 'junk') index = scanJunk(chunk, index);
      else index = scanBetween(chunk, index);
    }
    base += chunk.length - waitingLength;
  };

  /** The chunk with what waited for it. */
  const taken = (chunk: Buffer): Buffer => {
    const whole = waitingLength === 0 ? chunk : Buffer.concat([...waiting, chunk]);
    waiting = [];
    waitingLength = 0;
    return whole;
  };

  return {
    push(chunk) {
      frames = [];
      if (waitingLength > 0 && waitingLength <= longestLine && !chunk.includes(newline)) {
        waiting.push(Buffer.from(chunk));
        waitingLength += chunk.length;
      } else consume(taken(chunk));
      return frames;
    },
    settle() {
      frames = [];
      settling = true;
      consume(taken(nothing));
      settling = false;
      return frames;
    },
    end() {
      frames = [];
      settling = true;
      consume(taken(nothing));
      if (state !== 'between') finish(nothing, 0, 0, false);
      return frames;
    },
    get offset() {
      return base + waitingLength;
    },
  };
}

/** Where in an object a scan stands between two chunks. */
interface Scan {
  depth: number;
  inText: boolean;
  escaped: boolean;
  afterNewline: boolean;
  /** Line breaks met, to be taken over by the caller. */
  newlines: number;
  ended: 'no' | 'closed' | 'torn';
}

function newScan(): Scan {
  return { depth: 0, inText: false, escaped: false, afterNewline: false, newlines: 0, ended: 'no' };
}

/** Scans to the end of an object and returns the index after it. Hot: works on local variables, most bytes cost one comparison. */
function scanObject(chunk: Buffer, from: number, scan: Scan): number {
  const { length } = chunk;
  let { depth, inText, afterNewline } = scan;
  let index = from;
  if (scan.escaped && chunk[index] !== newline) index += 1;
  scan.escaped = false;
  scanning: while (index < length) {
    if (inText) {
      let byte = 0;
      while (index < length && endsRun[(byte = chunk[index] as number)] === 0) index += 1;
      if (index === length) break;
      if (byte === newline) {
        scan.ended = 'torn';
        break;
      }
      if (byte === quote) inText = false;
      else if (index + 1 === length) scan.escaped = true;
      // A line break is never part of an escape: it must be seen.
      else if (chunk[index + 1] !== newline) index += 1;
      index += 1;
      continue;
    }
    if (afterNewline && chunk[index] === openBrace) {
      scan.ended = 'torn';
      break;
    }
    afterNewline = false;
    let byte = 0;
    while (index < length && structural[(byte = chunk[index] as number)] === 0) index += 1;
    if (index === length) break;
    index += 1;
    switch (byte) {
      case quote:
        inText = true;
        break;
      case openBrace:
      case openBracket:
        depth += 1;
        break;
      case closeBrace:
      case closeBracket:
        depth -= 1;
        if (depth > 0) break;
        scan.ended = 'closed';
        break scanning;
      case newline:
        scan.newlines += 1;
        afterNewline = true;
        break;
      default:
    }
  }
  scan.depth = depth;
  scan.inText = inText;
  scan.afterNewline = afterNewline;
  return index;
}

function isFiller(byte: number, offset: number): boolean {
  if (byte === comma || byte === openBracket || byte === closeBracket || byte === recordSeparator)
    return true;
  return isBlank(byte) || byteOrderMark[offset] === byte;
}

const isBlank = (byte: number): boolean => byte === space || (byte >= 0x09 && byte <= 0x0d);
