import type { Handler } from '../model/handler.ts';
import { dirOf, packageOf, type PackageFacts, type ProjectFacts } from './project.ts';

/** Which packages' handlers a service can run. */
export interface ServiceScope {
  /** Package of the service, undefined when nothing names it. */
  readonly package: PackageFacts | undefined;
  readonly includes: (handler: Handler) => boolean;
}

/** Decides from `suture.json`, equal names or folder names which package a service runs. */
export function createServiceScopes(
  project: ProjectFacts,
  services: Readonly<Record<string, string>>,
): (service: string) => ServiceScope {
  const known = new Map<string, ServiceScope>();
  const owners = new Map<string, PackageFacts | undefined>();
  const ownerOf = (file: string): PackageFacts | undefined => {
    const dir = dirOf(file);
    if (!owners.has(dir)) owners.set(dir, packageOf(project, file));
    return owners.get(dir);
  };
  return (service) => {
    let scope = known.get(service);
    if (scope === undefined) {
      const own = packageOfService(project, services, service);
      const includes = (handler: Handler): boolean => {
        const owner = ownerOf(handler.registration.file);
        // The root of a monorepo often has the product's name, and what runs is a package below it.
        return (
          own === undefined ||
          own.dir === '' ||
          owner === undefined ||
          owner === own ||
          dependsOn(project, own, owner.name)
        );
      };
      scope = { package: own, includes };
      known.set(service, scope);
    }
    return scope;
  };
}

/** Services of `suture.json` whose package is not in the workspace, with the name that was given. */
export function servicesWithoutPackage(
  project: ProjectFacts,
  services: Readonly<Record<string, string>>,
): readonly { readonly service: string; readonly given: string }[] {
  return Object.entries(services)
    .filter(([service]) => packageOfService(project, services, service) === undefined)
    .map(([service, given]) => ({ service, given }));
}

function packageOfService(
  project: ProjectFacts,
  services: Readonly<Record<string, string>>,
  service: string,
): PackageFacts | undefined {
  const named = Object.hasOwn(services, service)
    ? services[service]?.replace(/^\.\//, '').replace(/\/$/, '')
    : undefined;
  const exact = project.packages.find((p) => p.name === named || p.dir === named);
  if (exact !== undefined) return exact;
  const unscoped = (name: string): string => name.replace(/^@[^/]+\//, '');
  const by = (matches: (p: PackageFacts) => boolean): PackageFacts | undefined => {
    const found = project.packages.filter(matches);
    return found.length === 1 ? found[0] : undefined;
  };
  const wanted = named ?? service;
  return (
    by((p) => p.name === wanted) ??
    by((p) => p.name !== '' && unscoped(p.name) === unscoped(wanted)) ??
    by((p) => p.dir !== '' && p.dir.split('/').at(-1) === unscoped(wanted))
  );
}

function dependsOn(
  project: ProjectFacts,
  from: PackageFacts,
  name: string,
  seen = new Set<PackageFacts>(),
): boolean {
  if (seen.has(from)) return false;
  seen.add(from);
  if (from.dependencies.has(name)) return true;
  return project.packages.some((p) => from.dependencies.has(p.name) && dependsOn(project, p, name, seen));
}
