const known = new Set(['button', 'text']);

function createNode(data: { type: string }, _ctx: unknown) {
  if (!known.has(data.type)) throw new TypeError(`no component of the type ${data.type}`);
  return { node: data.type };
}

const notify = (_data: unknown, _ctx: unknown) => ({ drawn: true });

export const handlers = { createNode, notifyUi: notify };
