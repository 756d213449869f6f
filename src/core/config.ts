import { z } from 'zod';
import type { Problem } from './model/problem.ts';

const place = z.string().min(1);
/** Written or run by us, hence never outside of the workspace, whatever a cloned `suture.json` says. */
const placeInside = place.refine(
  (value) => !/^([/\\]|[A-Za-z]:)/.test(value) && !value.split(/[/\\]/).includes('..'),
  'must stay inside the workspace',
);

const schema = z.strictObject({
  $schema: z.string().optional(),
  /** Telemetry folders or files, absolute or relative to the workspace. */
  telemetry: z.array(place).min(1).default(['.telemetry', '.logs']),
  /** Folder of the generated pages, relative to the workspace. */
  docs: placeInside.default('docs/suture'),
  /** Where test runners leave their reports, relative to the workspace. */
  testReports: z
    .array(placeInside)
    .default(['test-results/vitest.json', 'vitest-report.json', '.suture/test-results/vitest.json']),
  /** `service.name` -> name or folder of the package that it runs. */
  services: z.record(z.string(), z.string()).default({}),
  /** Path prefixes as telemetry reports them -> prefixes in the workspace, first match wins. */
  pathMappings: z.array(z.strictObject({ from: z.string().min(1), to: z.string() })).default([]),
});

/** What changes results and is shared by editor, CLI and team: the content of `suture.json`. */
export type Config = Readonly<Omit<z.output<typeof schema>, '$schema'>>;

export const configFile = 'suture.json';

const defaults: Config = schema.parse({});

/** Reads `suture.json`; what is wrong is reported per key and its default is used, so that a typing error never stops the rest. */
export function parseConfig(text: string | null): {
  readonly config: Config;
  readonly problems: readonly Problem[];
} {
  if (text === null) return { config: defaults, problems: [] };
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const message = `${configFile} is not valid JSON (${(error as Error).message}); all defaults are used.`;
    return { config: defaults, problems: [{ file: configFile, code: 'config-not-json', message, count: 1 }] };
  }
  const whole = schema.safeParse(value);
  if (whole.success) return { config: { ...defaults, ...validKeys(value) }, problems: [] };
  const problems = whole.error.issues.map((issue) => ({
    file: configFile,
    code: 'config-invalid',
    message: `${['$', ...issue.path.map(String)].join('.')}: ${issue.message}; the default is used.`,
    count: 1,
  }));
  return { config: { ...defaults, ...validKeys(value) }, problems };
}

function validKeys(value: unknown): Partial<Config> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const kept: Partial<Record<string, unknown>> = {};
  for (const [key, field] of Object.entries(schema.shape)) {
    const given = (value as Record<string, unknown>)[key];
    if (given === undefined) continue;
    const parsed = field.safeParse(given);
    if (parsed.success) kept[key] = parsed.data;
  }
  delete kept['$schema'];
  return kept;
}
