export function writeReport(data: { node?: string }, _ctx: unknown) {
  return { report: data.node ?? 'empty' };
}
