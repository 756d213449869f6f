/** `9.3 ms`, `48 ms`, `1.2 s`. */
export function milliseconds(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toPrecision(2)} s`;
  return `${ms >= 10 ? Math.round(ms) : Number(ms.toPrecision(2))} ms`;
}

/** `2.4x`, `12x`. */
export function times(ratio: number): string {
  return `${ratio >= 10 ? Math.round(ratio) : Number(ratio.toPrecision(2))}x`;
}

/** `0.4 %`, `12 %`. */
export function percent(share: number): string {
  return `${share >= 0.1 ? Math.round(share * 100) : Number((share * 100).toPrecision(2))} %`;
}

/** `1 call`, `7.5 calls`. */
export function counted(count: number, noun: string): string {
  return `${Number(count.toPrecision(3))} ${noun}${count === 1 ? '' : 's'}`;
}
