import { parseSpec, resolveSpec, SpecError, type SpecIssue } from '../../../lib';

function issuesOf(isolation: object): readonly SpecIssue[] {
  try {
    parseSpec({ name: 'team-a', isolation });
    return [];
  } catch (error) {
    if (error instanceof SpecError) return error.issues;
    throw error;
  }
}

describe('a list of what tenants may have', () => {
  it.each<[path: string, isolation: object, more: Partial<SpecIssue>]>([
    ['isolation.services.externalIPs[0]', { services: { externalIPs: ['198.51.100.7'] } }, {}],
    ['isolation.services.loadBalancerIPs[0]', { services: { loadBalancerIPs: ['a'] } }, {}],
    ['isolation.services.loadBalancerClasses[0]', { services: { loadBalancerClasses: ['a b'] } }, {}],
    ['isolation.services.nodePortRanges[0].from', { services: { nodePortRanges: [{ from: 0 }] } }, {}],
    [
      'isolation.services.nodePortRanges[0].to',
      { services: { nodePortRanges: [{ from: 32_000, to: 31_000 }] } },
      { message: 'is below `from`' },
    ],
    ['isolation.hostnames.allowed', { hostnames: { allowed: [] } }, { message: 'must name at least one host name' }],
    ['isolation.hostnames.allowed[0]', { hostnames: { allowed: ['*'] } }, { hint: 'leave out `allowed` for any name' }],
    [
      'isolation.hostnames.allowed[0]',
      { hostnames: { allowed: ['Shop.example.com'] } },
      { hint: 'did you mean shop.example.com?' },
    ],
    ['isolation.hostnames.allowed[0]', { hostnames: { allowed: ['a.*.example.com'] } }, {}],
    ['isolation.hostnames.claims.namespace', { hostnames: { claims: { namespace: 'A' } } }, {}],
    ['isolation.classes.ingress.default', { classes: { ingress: { default: '' } } }, {}],
    ['isolation.classes.gateway[0]', { classes: { gateway: ['A'] } }, {}],
    [
      'isolation.images.registries[0]',
      { images: { registries: ['https://registry.example.com'] } },
      { hint: 'leave out the https://' },
    ],
    ['isolation.images.registries', { images: { registries: [] } }, { message: 'must name at least one registry' }],
    ['isolation.tolerations[0]', { tolerations: ['pool:Never'] }, {}],
    ['isolation.services', { level: 'off', services: {} }, {}],
  ])('is refused at %s', (path, isolation, more) => {
    expect(issuesOf(isolation)).toContainEqual(expect.objectContaining({ path, ...more }));
  });

  it("has defaults that keep from tenants what could be somebody else's", () => {
    const { isolation } = resolveSpec({ name: 'team-a' }).sections;
    expect(isolation).toMatchObject({
      services: {
        loadBalancers: true,
        loadBalancerClasses: [],
        loadBalancerIPs: [],
        nodePorts: true,
        nodePortRanges: [],
        externalIPs: [],
      },
      hostnames: { catchAll: false },
      classes: { ingress: { allowed: [] }, gateway: { allowed: [] }, device: { allowed: [] } },
      images: {},
      tolerations: [],
    });
  });

  it('lets the default among classes be named too', () => {
    const { isolation } = resolveSpec({
      name: 'team-a',
      isolation: { classes: { ingress: { allowed: ['a'], default: 'b' } } },
    }).sections;
    expect(isolation).toMatchObject({ classes: { ingress: { allowed: ['a', 'b'], default: 'b' } } });
  });
});
