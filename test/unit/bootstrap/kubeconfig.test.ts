import { renderKubeconfig } from '../../../syncer/bootstrap/kubeconfig';
import { parseKubeconfig } from '../../../syncer/kube/config';

describe('a kubeconfig', () => {
  it('carries its material inline', () => {
    const material = { kind: 'inline', ca: 'CA', cert: 'CERT', key: 'KEY' } as const;
    const text = renderKubeconfig({ server: 'https://team-a.ns.svc', name: 'team-a', material });
    expect(parseKubeconfig(text, '/')).toMatchObject({
      server: 'https://team-a.ns.svc',
      ca: 'CA',
      clientCertificate: 'CERT',
      clientKey: 'KEY',
    });
  });

  it('names files, so that its readers notice renewed certificates', () => {
    const material = { kind: 'files', ca: '/p/ca.crt', cert: '/p/me.crt', key: '/p/me.key' } as const;
    const text = renderKubeconfig({ server: 'https://127.0.0.1:8443', name: 'virtual', material });
    expect(text).toContain('certificate-authority: /p/ca.crt');
    expect(text).toContain('client-certificate: /p/me.crt');
    expect(text).toContain('client-key: /p/me.key');
    expect(text).toContain('current-context: virtual');
  });
});
