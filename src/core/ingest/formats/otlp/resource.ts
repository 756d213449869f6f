import type { Attributes, AttributeValue, Resource } from '../../../model/span.ts';

/** What emitted telemetry, told from the attributes of its resource. */
export function resourceOf(attributes: Attributes): Resource {
  const first = (...keys: readonly string[]): string | undefined =>
    keys.map((key) => text(attributes[key])).find((value) => value !== undefined);
  return {
    service: first('service.name') ?? 'unknown_service',
    environment: first('deployment.environment.name', 'deployment.environment') ?? '',
    release:
      first('service.version', 'vcs.ref.head.revision', 'vcs.repository.ref.revision') ?? 'unversioned',
    attributes,
  };
}

function text(value: AttributeValue | undefined): string | undefined {
  return value === undefined || value === '' || Array.isArray(value) ? undefined : String(value);
}
