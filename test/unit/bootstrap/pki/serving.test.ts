import { X509Certificate } from 'node:crypto';
import { PKI_FILES } from '../../../../lib/contract';
import { createServingCertificates } from '../../../../syncer/bootstrap/pki/serving';
import { newPki, sourcesAt } from '../support/pki';

const pki = newPki();

function start() {
  let days = 0;
  let told = 0;
  const certificates = createServingCertificates({
    authority: { cert: pki[PKI_FILES.caCert], key: pki[PKI_FILES.caKey] },
    initial: { cert: pki[PKI_FILES.kubeletServingCert], key: pki[PKI_FILES.kubeletServingKey] },
    names: ['localhost', '127.0.0.1'],
    now: () => sourcesAt(days).now(),
    random: sourcesAt().random,
  });
  certificates.subscribe(() => {
    told += 1;
  });
  return {
    certificates,
    told: () => told,
    pass: (by: number) => {
      days += by;
    },
    covers: (address: string) => new X509Certificate(certificates.current().certificate).checkIP(address) !== undefined,
  };
}

describe('the serving certificate of the kubelet API', () => {
  it('covers a node’s address as soon as it is known, and tells its servers', () => {
    const { certificates, told, covers } = start();
    certificates.setAddresses(['10.96.1.1']);
    certificates.setAddresses(['10.96.1.1', '10.96.1.2']);
    expect([covers('10.96.1.1'), covers('10.96.1.2'), covers('127.0.0.1'), told()]).toEqual([true, true, true, 2]);
  });

  it('stays while its addresses do, also when a node goes', () => {
    const { certificates, told } = start();
    certificates.setAddresses(['10.96.1.1', '10.96.1.2']);
    certificates.setAddresses(['10.96.1.2', '10.96.1.1']);
    certificates.setAddresses(['10.96.1.1']);
    expect(told()).toBe(1);
  });

  it('is renewed before it ends, with the addresses of the nodes that are left', () => {
    const { certificates, told, pass, covers } = start();
    certificates.setAddresses(['10.96.1.1', '10.96.1.2']);
    certificates.setAddresses(['10.96.1.1']);
    pass(200);
    certificates.renew();
    expect(told()).toBe(1);
    pass(100);
    certificates.renew();
    expect([told(), covers('10.96.1.1'), covers('10.96.1.2')]).toEqual([2, true, false]);
  });

  it('keeps its key, and is signed by the authority that clients know', () => {
    const { certificates } = start();
    certificates.setAddresses(['10.96.1.1']);
    const { certificate, key, clientAuthority } = certificates.current();
    expect(key).toBe(pki[PKI_FILES.kubeletServingKey]);
    expect(new X509Certificate(certificate).verify(new X509Certificate(clientAuthority).publicKey)).toBe(true);
  });
});
