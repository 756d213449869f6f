/** Which rung of the ladder (design, "Naming the handler of a span") named the handler: 1 `code.*`, 2 route or event, 3 stack frame, 4 unique symbol. */
export type Rung = 1 | 2 | 3 | 4;

export type Correlation =
  | { readonly handlerId: string; readonly rung: Rung }
  | { readonly handlerId: null; readonly reason: UnmappedReason; readonly detail: string };

export type UnmappedReason =
  | 'no-route'
  | 'route-not-found'
  | 'ambiguous'
  | 'outside-workspace'
  | 'not-in-workspace'
  | 'unsupported-kind';
