/** Reads the components; the source answers slowly. */
export async function loadComponents(_data: unknown, ctx: { wait: (ms: number) => Promise<void> }) {
  await ctx.wait(1500);
  return { components: ['button', 'text'] };
}
