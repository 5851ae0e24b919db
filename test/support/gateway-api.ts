import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { moduleSource } from '../../host/binaries/go-modules';

/**
 * The definitions of the Gateway API's standard channel, as upstream publishes them.
 * @param experimental kinds that are taken from the experimental channel, which serves older versions of them too
 */
export async function gatewayDefinitions(experimental: readonly string[] = []): Promise<readonly GatewayDefinition[]> {
  const channels = join(await moduleSource('sigs.k8s.io/gateway-api@v1.6.1'), 'config/crd');
  const directory = join(channels, 'standard');
  // The only other file is a policy that guards upgrades.
  const files = (await readdir(directory)).filter((name) =>
    /^gateway\.networking\.k8s\.io_(?!vap).*\.yaml$/.test(name),
  );
  const others = experimental.map((kind) => `gateway.networking.k8s.io_${kind}.yaml`);
  const paths = [
    ...files.filter((name) => !others.includes(name)).map((name) => join(directory, name)),
    ...others.map((name) => join(channels, 'experimental', name)),
  ];
  return Promise.all(paths.map(async (path): Promise<GatewayDefinition> => parse(await readFile(path, 'utf8'))));
}

/** A CustomResourceDefinition, as far as tests look into it. */
export interface GatewayDefinition {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: object;
}
