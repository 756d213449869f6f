export { writeReport } from './writer.ts';
export function endReport(_data: unknown, _ctx: unknown) {
  return { ended: true };
}
