import { completePki } from '../../../../syncer/bootstrap/pki/complete';
import type { PkiBundle, PkiIdentity, PkiSources } from '../../../../syncer/bootstrap/pki/types';

/** The day on which the tests take place. */
export const TODAY = new Date('2030-03-01T12:00:00Z');

/** Chance and time of the tests, `days` after {@link TODAY}. */
export function sourcesAt(days = 0): PkiSources {
  let seed = 0;
  return {
    now: () => new Date(TODAY.getTime() + days * 86_400_000),
    random: (bytes) => {
      seed += 1;
      return new Uint8Array(bytes).fill(seed);
    },
  };
}

export const IDENTITY: PkiIdentity = {
  cluster: 'team-a',
  hostNamespace: 'vcluster-team-a',
  clusterDomain: 'cluster.local',
  hostClusterDomain: 'host.local',
  serviceIps: ['10.96.7.7'],
  extraSans: ['api.example.com', '203.0.113.5'],
};

/** A PKI as it is made at the first start. */
export function newPki(): PkiBundle {
  return completePki({}, IDENTITY, sourcesAt()).bundle;
}
