import { refuseClient } from '../../../syncer/kubelet/identity';

describe('a client of the kubelet API', () => {
  it.each([
    ['the API server is let in', true, 'kube-apiserver-kubelet-client', undefined],
    ['without a certificate is unknown', false, undefined, 401],
    ['with the right name on a certificate of somebody else is unknown', false, 'kube-apiserver-kubelet-client', 401],
    ['with another name may nothing', true, 'admin', 403],
    ['with a name that only begins right may nothing', true, 'kube-apiserver-kubelet-client2', 403],
    ['with no name or several may nothing', true, undefined, 403],
  ])('%s', (_, verified, commonName, status) => {
    expect(refuseClient({ verified, commonName })?.status).toBe(status);
  });
});
