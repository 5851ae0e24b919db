import { type StatusFacts, statusToVirtual } from '../../../syncer/custom/status';
import { CONTEXT, certificate, certificateRule } from './rules';

const facts: StatusFacts = {
  rule: certificateRule(),
  context: CONTEXT,
  hasSubresource: true,
  lookup: (resource, namespace, name) =>
    resource.kind === 'Pod' && namespace === 'vcluster-my-vcluster' && name === 'runner-x-shop-x-my-vcluster'
      ? 'shop/runner'
      : undefined,
};

const virtual = certificate({ secretName: 'tls' }, { status: { old: true } });
const host = (status: unknown) => ({
  ...certificate({}, { status }),
  metadata: { name: 'web-x-shop-x-my-vcluster', namespace: 'vcluster-my-vcluster', generation: 2 },
});

function shown(status: unknown): unknown {
  const [change] = statusToVirtual(host(status), certificate({ secretName: 'tls' }), facts);
  return change?.kind === 'patch' && 'status' in change.patch ? change.patch.status : change;
}

describe('what the host says of a custom resource', () => {
  it('comes back whole: what the host no longer says goes', () => {
    expect(statusToVirtual(host({ ready: true }), virtual, facts)).toEqual([
      { kind: 'patch', patch: { status: { ready: true, old: null } }, subresource: 'status' },
    ]);
  });

  it('is written with the object where the kind has no status of its own', () => {
    expect(statusToVirtual(host({ ready: true }), virtual, { ...facts, hasSubresource: false })).toEqual([
      { kind: 'patch', patch: { status: { ready: true, old: null } } },
    ]);
  });

  it('comes to rest where each write of the status counts as a new generation', () => {
    const merged = { ...facts, hasSubresource: false };
    const told = host({ ready: true, observedGeneration: 2, conditions: [{ type: 'Ready', observedGeneration: 2 }] });
    const before = certificate({ secretName: 'tls' });
    const [change] = statusToVirtual(told, before, merged);
    if (change?.kind !== 'patch' || !('status' in change.patch)) throw new Error('nothing is written');
    expect(change.patch.status).toMatchObject({ observedGeneration: 5, conditions: [{ observedGeneration: 5 }] });
    const after = { ...before, metadata: { ...before.metadata, generation: 5 }, status: change.patch.status };
    expect(statusToVirtual(told, after, merged)).toEqual([]);
  });

  it('costs nothing when it is known', () => {
    expect(statusToVirtual(host({ old: true }), virtual, facts)).toEqual([]);
    expect(statusToVirtual(host(undefined), virtual, facts)).toEqual([]);
  });

  it.each([
    [
      'the name of what the spec names',
      { nextPrivateKeySecretName: 'tls-x-shop-x-my-vcluster' },
      { nextPrivateKeySecretName: 'tls' },
    ],
    [
      'the name and namespace of another object of the tenant',
      { servedBy: [{ name: 'runner-x-shop-x-my-vcluster', namespace: 'vcluster-my-vcluster' }] },
      { servedBy: [{ name: 'runner', namespace: 'shop' }] },
    ],
    [
      'its own name in any text',
      { url: 'https://web-x-shop-x-my-vcluster.example.com' },
      { url: 'https://web.example.com' },
    ],
    [
      'the host namespace in a message',
      { conditions: [{ type: 'Ready', message: 'no tls-x-shop-x-my-vcluster in vcluster-my-vcluster' }] },
      { conditions: [{ type: 'Ready', message: 'no tls in shop' }] },
    ],
    [
      'the newest generation as the newest of the tenant’s object',
      { observedGeneration: 2, conditions: [{ type: 'Ready', observedGeneration: 2 }] },
      { observedGeneration: 4, conditions: [{ type: 'Ready', observedGeneration: 4 }] },
    ],
    ['an older generation as an older one', { observedGeneration: 1 }, { observedGeneration: 1 }],
  ])('shows %s', (_, status, expected) => {
    expect(shown(status)).toEqual(expected);
  });
});
