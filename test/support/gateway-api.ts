import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { moduleSource } from '../../host/binaries/go-modules';

/** The definitions of the Gateway API's standard channel, as upstream publishes them. */
export async function gatewayDefinitions(): Promise<readonly GatewayDefinition[]> {
  const directory = join(await moduleSource('sigs.k8s.io/gateway-api@v1.6.1'), 'config/crd/standard');
  // The only other file is a policy that guards upgrades.
  const files = (await readdir(directory)).filter((name) =>
    /^gateway\.networking\.k8s\.io_(?!vap).*\.yaml$/.test(name),
  );
  return Promise.all(
    files.map(async (name): Promise<GatewayDefinition> => parse(await readFile(join(directory, name), 'utf8'))),
  );
}

/** A CustomResourceDefinition, as far as tests look into it. */
export interface GatewayDefinition {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: object;
}
