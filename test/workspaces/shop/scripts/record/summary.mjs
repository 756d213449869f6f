const serverKind = 2;

/** Per service, method and route: calls, answers by kind and latency, from the SERVER spans of the recording. */
export function summarise(records) {
  const routes = new Map();
  for (const record of records) {
    for (const { resource, scopeSpans } of JSON.parse(record).resourceSpans) {
      const service = attributesOf(resource)['service.name'];
      for (const span of scopeSpans.flatMap((scope) => scope.spans)) {
        if (span.kind !== serverKind) continue;
        const attributes = attributesOf(span);
        const key = `${service} ${attributes['http.request.method']} ${attributes['http.route'] ?? '(no route)'}`;
        const row = routes.get(key) ?? { route: key, calls: 0, '4xx': 0, '5xx': 0, milliseconds: [] };
        routes.set(key, row);
        row.calls++;
        const status = attributes['http.response.status_code'];
        if (status >= 500) row['5xx']++;
        else if (status >= 400) row['4xx']++;
        row.milliseconds.push(Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e6);
      }
    }
  }
  return [...routes.values()]
    .sort((left, right) => left.route.localeCompare(right.route))
    .map(({ milliseconds, ...row }) => ({
      ...row,
      p50Ms: quantile(milliseconds, 0.5),
      p95Ms: quantile(milliseconds, 0.95),
    }));
}

function attributesOf({ attributes }) {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]));
}

function quantile(values, share) {
  const sorted = values.toSorted((left, right) => left - right);
  return Number(sorted[Math.ceil(share * sorted.length) - 1].toFixed(2));
}
