interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: string | number };
}

interface Served {
  readonly calls: number;
  readonly errors: number;
  readonly p50Ms: number;
}

/** Figures of one METHOD route, read from OTLP/JSON lines without the product: SERVER spans by their path, 5xx as errors. */
export function servedBy(text: string, method: string, route: string): Served {
  // Not by `http.route`: instrumentations lose it, or its beginning.
  const pattern = new RegExp(`^${route.split('/').map((part) => (/^[:{*]/.test(part) ? '[^/]+' : part.replaceAll(/[\^$.|?*+()[\]{}]/g, '\\$&'))).join('/')}/?$`, 'u'); // prettier-ignore
  const durations: number[] = [];
  let errors = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    for (const resource of (JSON.parse(line) as Export).resourceSpans ?? []) {
      for (const span of resource.scopeSpans.flatMap(({ spans }) => spans)) {
        const has = (...keys: readonly string[]): string => textOf(span.attributes, keys);
        const path = has('url.path', 'http.target').replace(/\?.*$/su, '');
        if (span.kind !== 2 || !(has('http.route') === route || pattern.test(path))) continue;
        if (has('http.request.method', 'http.method') !== method) continue;
        durations.push(Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e6);
        if (Number(has('http.response.status_code', 'http.status_code')) >= 500) errors++;
      }
    }
  }
  const sorted = durations.toSorted((a, b) => a - b);
  return { calls: sorted.length, errors, p50Ms: sorted[Math.floor(sorted.length / 2)] ?? NaN };
}

interface Export {
  readonly resourceSpans?: readonly {
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly kind: number;
        readonly startTimeUnixNano: string;
        readonly endTimeUnixNano: string;
        readonly attributes: readonly Attribute[];
      }[];
    }[];
  }[];
}

function textOf(attributes: readonly Attribute[], keys: readonly string[]): string {
  const value = attributes.find(({ key }) => keys.includes(key))?.value;
  return String(value?.stringValue ?? value?.intValue ?? '');
}
