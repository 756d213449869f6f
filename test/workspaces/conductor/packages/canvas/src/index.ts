import { handlers as createHandlers } from './create.ts';

const merged = {
  ...createHandlers,
  refreshTree(_data: unknown, _ctx: unknown) {
    return { refreshed: true };
  },
};

export { merged as handlers };
