import { switchingLines, upgradeHeaders } from '../../../syncer/kubelet/headers';

describe('the header fields of an upgrade', () => {
  it('reach the host as often as they came', () => {
    const fields = upgradeHeaders([
      ...['Connection', 'keep-alive, Upgrade', 'Upgrade', 'SPDY/3.1'],
      ...['X-Stream-Protocol-Version', 'v5.channel.k8s.io', 'x-stream-protocol-version', 'v4.channel.k8s.io'],
    ]);
    expect(fields).toMatchObject({
      Connection: ['Upgrade'],
      Upgrade: ['SPDY/3.1'],
      'X-Stream-Protocol-Version': ['v5.channel.k8s.io', 'v4.channel.k8s.io'],
    });
  });

  it.each([
    'Authorization',
    'Proxy-Authorization',
    'Cookie',
    'Impersonate-User',
    'impersonate-group',
    'Impersonate-Extra-Scopes',
    'X-Remote-User',
    'X-REMOTE-GROUP',
    'X-Remote-Extra-Foo',
    'X-Forwarded-For',
    'Forwarded',
    'Host',
    'Origin',
    'Keep-Alive',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Content-Length',
    'Audit-ID',
  ])('%s stays here', (name) => {
    const sent = upgradeHeaders(['Upgrade', 'websocket', name, 'forged']);
    expect(JSON.stringify(sent)).not.toContain('forged');
  });

  it('a token among the subprotocols stays here', () => {
    const token = 'base64url.bearer.authorization.k8s.io.dG9rZW4';
    expect(upgradeHeaders(['Sec-WebSocket-Protocol', `v5.channel.k8s.io, ${token}`])).toMatchObject({
      'Sec-WebSocket-Protocol': ['v5.channel.k8s.io'],
    });
    expect(upgradeHeaders(['Sec-WebSocket-Protocol', token])).not.toHaveProperty('Sec-WebSocket-Protocol');
  });

  it('of the answer go back, but for those of the host itself', () => {
    const lines = switchingLines([
      ...['Upgrade', 'websocket', 'Connection', 'Upgrade', 'Sec-WebSocket-Accept', 'abc='],
      ...['Audit-Id', 'x', 'Date', 'now', 'X-Kubernetes-Pf-Flowschema-Uid', 'y', 'Set-Cookie', 'z'],
    ]);
    expect(lines).toEqual(['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Accept: abc=']);
  });
});
