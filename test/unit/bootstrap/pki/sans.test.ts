import { apiServerSans, kubeletSans, toSan, toSans } from '../../../../syncer/bootstrap/pki/sans';
import { IDENTITY } from '../support/pki';

describe('names in certificates', () => {
  it.each([
    ['10.96.0.1', { type: 'ip', value: '10.96.0.1' }],
    ['0:0:0:0:0:0:0:1', { type: 'ip', value: '::1' }],
    ['[FD00::0:7]', { type: 'ip', value: 'fd00::7' }],
    ['API.Example.com', { type: 'dns', value: 'api.example.com' }],
    ['*.example.com', { type: 'dns', value: '*.example.com' }],
    ['1.2.3', { type: 'dns', value: '1.2.3' }],
  ])('takes %s for what it is', (name, san) => {
    expect(toSan(name)).toEqual(san);
  });

  it('carries each name once, however it is spelled', () => {
    expect(toSans(['::1', 'a', 'A', '0::1'])).toHaveLength(2);
  });

  it('covers every way to call the API server', () => {
    expect(apiServerSans(IDENTITY)).toEqual(
      expect.arrayContaining([
        'kubernetes',
        'kubernetes.default.svc.cluster.local',
        'localhost',
        '127.0.0.1',
        'team-a',
        'team-a.vcluster-team-a.svc',
        'team-a.vcluster-team-a.svc.host.local',
        '10.96.7.7',
        'api.example.com',
        '203.0.113.5',
      ]),
    );
  });

  it('keeps the API server’s names out of the kubelet’s certificate', () => {
    expect(kubeletSans(IDENTITY)).not.toContain('kubernetes');
    expect(kubeletSans(IDENTITY)).not.toContain('api.example.com');
  });
});
