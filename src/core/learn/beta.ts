/** Shape of a Beta distribution; both at least 1 here. */
export interface Beta {
  readonly alpha: number;
  readonly beta: number;
}

/** The value that a share `p` of the distribution lies below, to 1e-9. */
export function betaQuantile({ alpha, beta }: Beta, p: number): number {
  let low = 0;
  let high = 1;
  // Halving cannot fail where Newton's steps leave 0..1; thirty of them are exact enough.
  for (let step = 0; step < 32; step++) {
    const middle = (low + high) / 2;
    if (betaBelow({ alpha, beta }, middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Share of the distribution below `x`: the regularised incomplete beta function. Source: Numerical Recipes, 6.4. */
export function betaBelow({ alpha, beta }: Beta, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast only on this side of the mean.
  if (x > (alpha + 1) / (alpha + beta + 2)) return 1 - betaBelow({ alpha: beta, beta: alpha }, 1 - x);
  const front = Math.exp(
    logGamma(alpha + beta) - logGamma(alpha) - logGamma(beta) + alpha * Math.log(x) + beta * Math.log(1 - x),
  );
  return (front * continuedFraction(alpha, beta, x)) / alpha;
}

/** Lentz's way to evaluate the continued fraction of the incomplete beta function. */
function continuedFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  const safe = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / safe(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= 300; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / safe(1 + even * d);
    c = safe(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / safe(1 + odd * d);
    c = safe(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < 1e-12) break;
  }
  return result;
}

/** Lanczos' approximation for arguments of at least 1, good to 2e-10. */
function logGamma(x: number): number {
  const coefficients = [
    76.180_091_729_471_46, -86.505_320_329_416_8, 24.014_098_240_830_91, -1.231_739_572_450_155,
    0.001_208_650_973_866_179, -0.000_005_395_239_384_953,
  ];
  const series = coefficients.reduce(
    (sum, each, index) => sum + each / (x + 1 + index),
    1.000_000_000_190_015,
  );
  const shifted = x + 5.5;
  return (x + 0.5) * Math.log(shifted) - shifted + Math.log((2.506_628_274_631 * series) / x);
}
