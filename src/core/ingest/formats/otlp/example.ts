import type { Attributes, AttributeValue, Resource } from '../../../model/span.ts';
import type { FormatExample } from '../../format.ts';

const attributes = (record: Record<string, AttributeValue>): Attributes =>
  Object.assign(Object.create(null) as Record<string, AttributeValue>, record);

const resource: Resource = {
  service: 'shop',
  environment: 'production',
  release: '1.4.2',
  attributes: attributes({
    'service.name': 'shop',
    'service.version': '1.4.2',
    'deployment.environment.name': 'production',
    'process.pid': 42,
  }),
};

/** A failed request in the Collector's spelling (integers as text) and its middleware in an SDK's (plain numbers). */
export const otlpJsonExample: FormatExample = {
  input: JSON.stringify({
    resourceSpans: [
      {
        scopeSpans: [
          {
            scope: { name: '@opentelemetry/instrumentation-http' },
            spans: [
              {
                traceId: '5b8efff798038103d269b633813fc60c',
                spanId: 'eee19b7ec3c1b174',
                name: 'GET /café/:id',
                kind: 'SPAN_KIND_SERVER',
                startTimeUnixNano: '1795385460652000001',
                endTimeUnixNano: '1795385460664500002',
                attributes: [
                  { key: 'http.response.status_code', value: { intValue: '500' } },
                  { key: 'retried', value: { boolValue: true } },
                  {
                    key: 'tags',
                    value: { arrayValue: { values: [{ stringValue: 'a' }, { stringValue: 'b' }] } },
                  },
                ],
                events: [
                  {
                    timeUnixNano: '1795385460660000000',
                    name: 'exception',
                    attributes: [{ key: 'exception.type', value: { stringValue: 'TypeError' } }],
                  },
                ],
                status: { code: 'STATUS_CODE_ERROR', message: 'boom' },
              },
            ],
          },
          {
            scope: { name: '@opentelemetry/instrumentation-express' },
            spans: [
              {
                traceId: 'W47/95gDgQPSabYzgT/GDA==',
                spanId: 'AQIDBAUGBwg=',
                parentSpanId: '7uGbfsPBsXQ=',
                name: 'middleware - json',
                kind: 1,
                startTimeUnixNano: '1795385460653000000',
                endTimeUnixNano: '1795385460653250000',
                attributes: [{ key: 'load', value: { doubleValue: 0.5 } }],
                status: { code: 0 },
              },
            ],
          },
        ],
        resource: {
          attributes: [
            { key: 'service.name', value: { stringValue: 'shop' } },
            { key: 'service.version', value: { stringValue: '1.4.2' } },
            { key: 'deployment.environment.name', value: { stringValue: 'production' } },
            { key: 'process.pid', value: { intValue: 42 } },
          ],
        },
      },
    ],
  }),
  spans: [
    {
      traceId: '5b8efff798038103d269b633813fc60c',
      spanId: 'eee19b7ec3c1b174',
      name: 'GET /café/:id',
      kind: 'server',
      startMs: 1795385460652,
      durationMs: 12.500001,
      status: 'error',
      statusMessage: 'boom',
      attributes: attributes({ 'http.response.status_code': 500, retried: true, tags: ['a', 'b'] }),
      events: [
        {
          name: 'exception',
          timeMs: 1795385460660,
          attributes: attributes({ 'exception.type': 'TypeError' }),
        },
      ],
      scope: '@opentelemetry/instrumentation-http',
      resource,
    },
    {
      traceId: '5b8efff798038103d269b633813fc60c',
      spanId: '0102030405060708',
      parentSpanId: 'eee19b7ec3c1b174',
      name: 'middleware - json',
      kind: 'internal',
      startMs: 1795385460653,
      durationMs: 0.25,
      status: 'unset',
      attributes: attributes({ load: 0.5 }),
      events: [],
      scope: '@opentelemetry/instrumentation-express',
      resource,
    },
  ],
};
