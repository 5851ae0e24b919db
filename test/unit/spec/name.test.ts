import { clusterNames, defaultHostNamespace, MAX_CLUSTER_NAME_LENGTH, parseSpec, SpecError } from '../../../lib';

const longest = 'a'.repeat(MAX_CLUSTER_NAME_LENGTH);

describe('the name of a virtual cluster', () => {
  it.each(['a', 'team-a', 'x1', 'a--b', longest])('may be %s', (name) => {
    expect(parseSpec({ name }).name).toBe(name);
  });

  it.each([
    ['', 'is not valid'],
    ['Team', 'is not valid'],
    ['1team', 'is not valid'],
    ['team-', 'is not valid'],
    ['team.a', 'is not valid'],
    ['team_a', 'is not valid'],
    ['a-x-b', 'separates the parts of host names'],
    [`${longest}a`, `has ${MAX_CLUSTER_NAME_LENGTH + 1} characters`],
    ['\u00010\u0002', 'known only at deployment'],
  ])('may not be %j', (name, message) => {
    expect(() => parseSpec({ name })).toThrow(SpecError);
    expect(() => parseSpec({ name })).toThrow(message);
  });

  it('leaves room for every name and label value that is made from it', () => {
    const { controlPlane, headlessService } = clusterNames(longest);
    const labels = [`${controlPlane}-0`, `${controlPlane}-0123456789`, headlessService, defaultHostNamespace(longest)];
    expect(labels.filter((label) => label.length > 63)).toEqual([]);
  });
});
