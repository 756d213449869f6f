export const notifyUi = (_data: unknown, _ctx: unknown) => ({ shown: true });
