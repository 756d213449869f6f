/** A line without what the console, a capture tool or a logger put before it. */
export interface Unwrapped {
  /** Of the innermost stamp, milliseconds since the epoch. */
  readonly timeMs?: number;
  /** True when something stood before the text; stacks and continued messages stand bare. */
  readonly prefixed: boolean;
  /** Begins at its first ASCII letter, brace or digit: pictures before it, sound or garbled, are gone. */
  readonly text: string;
}

const stamp = /(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(?: ?(Z|[+-]\d\d:?\d\d))?/y;
const level =
  /(?:LOG|INFO|WARN|WARNING|ERROR|DEBUG|TRACE|FATAL|INF|WRN|ERR|DBG|VRB|FTL|info|log|warn|warning|error|debug)(?![A-Za-z:])/y;
const place = /[\w$.@/-]+\.(?:[cm]?[jt]sx?)(?:\?[\w=&.]*)?:\d+(?::\d+)?(?=\s|$)/y;
/** .NET's console writes the category on one line and the message on the next. */
const category = /(?:trce|dbug|info|warn|fail|crit): [\w.]+\[\d+\]/y;
const style =
  /(?:\s+(?:color|background(?:-color)?|font-[a-z]+|padding|border-radius|margin)\s*:[^;"{}]*;?)+\s*$/;
const notText = /[^A-Za-z{\d]*/y;

/** Takes off every envelope that the real logs mix; never throws. */
export function unwrap(line: string): Unwrapped {
  let at = line.charCodeAt(0) === 0xfeff ? 1 : 0;
  let timeMs: number | undefined;
  let prefixed = false;
  let end = line.length;
  while (end > at && isBlank(line.charCodeAt(end - 1))) end -= 1;
  const whole = end === line.length ? line : line.slice(0, end);
  for (;;) {
    while (at < end && isBlank(whole.charCodeAt(at))) at += 1;
    const bracket = whole.charCodeAt(at) === 0x5b;
    const from = bracket ? at + 1 : at;
    const closes = (next: number): boolean => !bracket || whole.charCodeAt(next) === 0x5d;
    const time = isDigit(whole.charCodeAt(from)) ? matchAt(stamp, whole, from) : null;
    if (time && closes(stamp.lastIndex)) {
      timeMs = toMs(time) ?? timeMs;
      at = stamp.lastIndex + (bracket ? 1 : 0);
    } else if ((bracket || prefixed) && matchAt(level, whole, from) && closes(level.lastIndex)) {
      at = level.lastIndex + (bracket ? 1 : 0);
    } else if (!bracket && !prefixed && matchAt(place, whole, from)) at = place.lastIndex;
    else if (!bracket && !prefixed && matchAt(category, whole, from)) at = category.lastIndex;
    else break;
    prefixed = true;
  }
  const styled = whole.startsWith('%c', at) || whole.includes('%c', at);
  while (whole.startsWith('%c', at)) at += 2;
  notText.lastIndex = at;
  notText.test(whole);
  const rest = whole.slice(Math.max(at, notText.lastIndex));
  const text = styled ? rest.replace(style, '').replaceAll('%c', '') : rest;
  return { ...(timeMs === undefined ? {} : { timeMs }), prefixed, text };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

const isBlank = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d);
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

/** Stamps come in runs of the same second. */
let lastSecond = '';
let lastSecondMs = NaN;

function toMs([, day, clock, fraction = '', zone = 'Z']: RegExpExecArray): number | undefined {
  const second = `${day}T${clock}${zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone}`;
  if (second !== lastSecond) {
    lastSecond = second;
    lastSecondMs = Date.parse(second);
  }
  if (Number.isNaN(lastSecondMs)) return undefined;
  return fraction === '' ? lastSecondMs : lastSecondMs + Number(`0.${fraction}`) * 1000;
}
