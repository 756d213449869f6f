import type { CallSample } from '../../model/shape.ts';
import type { TestPlan } from './test-plan.ts';

/** Body of a test that sends a call and expects a status, on one line or as a chain where that is too long. */
export function sendingTest(plan: TestPlan, sample: CallSample, status: number): string {
  return awaited(plan, plan.request(sample), [`.expect(${status})`], '', 4);
}

/** `const response = await request(app).get('/a').expect(200);` with each call on a line of its own where it is too long. */
export function awaited(
  { style, sender }: TestPlan,
  request: string,
  calls: readonly string[],
  assigned: string,
  depth: number,
): string {
  const { semicolon, indent, width } = style;
  const line = `${assigned}await ${request}${calls.join('')}${semicolon}`;
  if (line.length + depth * (indent === '\t' ? 2 : indent.length / 2) <= width) return line;
  const chain = [request.slice(sender.length), ...calls].map((call) => `\n${indent}${call}`);
  return `${assigned}await ${sender}${chain.join('')}${semicolon}`;
}
