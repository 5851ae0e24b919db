import { parseSpec, type SpecError } from '../../../lib';

function issuesOf(options: object): readonly string[] {
  try {
    parseSpec({ name: 'team-a', ...options });
    return [];
  } catch (error) {
    return (error as SpecError).issues.map(({ path, message, allowed = '', hint = '' }) =>
      [`${path}: ${message}`, allowed, hint].filter(Boolean).join('; '),
    );
  }
}

const apiServer = (resources: object) => ({ controlPlane: { apiServer: { resources } } });

describe('what Kubernetes would refuse is refused in the declaration', () => {
  it.each<[string, object, readonly string[]]>([
    [
      'a request above its limit',
      apiServer({ requests: { cpu: '2' }, limits: { cpu: '1500m' } }),
      ['controlPlane.apiServer.resources.limits.cpu: is less than the request; 2 or more; requests.cpu can be set too'],
    ],
    [
      'a limit below the request that is the default',
      apiServer({ limits: { memory: '128Mi' } }),
      [
        'controlPlane.apiServer.resources.limits.memory: is less than the request; 256Mi or more; ' +
          'requests.memory can be set too',
      ],
    ],
    [
      'a request above the limit that is the default',
      { dns: { resources: { requests: { memory: '1Gi' } } } },
      ['dns.resources.requests.memory: is more than the limit; up to 170Mi; limits.memory can be set too'],
    ],
    [
      'a volume of no size',
      { store: { kind: 'sqlite', persistence: { kind: 'volumeClaim', size: '0Gi' } } },
      ['store.persistence.size: is not valid; a quantity above zero such as 5Gi'],
    ],
    [
      'a Secret that is named twice',
      { images: { pullSecrets: ['a', 'b', 'a'] } },
      ['images.pullSecrets[2]: stands there twice; each once'],
    ],
    [
      'two ranges where each stands for itself',
      { controlPlane: { service: { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0/8,fd00::/8'] } } },
      ['controlPlane.service.loadBalancerSourceRanges[0]: is not valid; an address range such as 198.51.100.0/24'],
    ],
  ])('%s', (_what, options, expected) => {
    expect(issuesOf(options)).toEqual(expected);
  });

  it.each<[string, object]>([
    ['a limit that is the request, written otherwise', apiServer({ requests: { cpu: '.5' }, limits: { cpu: '500m' } })],
    ['both set below the default', apiServer({ requests: { memory: '64Mi' }, limits: { memory: '100Mi' } })],
    [
      'a volume of any size above none',
      { store: { kind: 'sqlite', persistence: { kind: 'volumeClaim', size: '0.5Gi' } } },
    ],
  ])('but not %s', (_what, options) => {
    expect(issuesOf(options)).toEqual([]);
  });
});
