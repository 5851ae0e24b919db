import { NETWORK } from '../network/addresses';

/** Configuration of the pod network: a bridge in the host's network namespace, addresses given out by a local file. */
export function renderCniConfig(): string {
  return JSON.stringify({
    cniVersion: '1.0.0',
    name: 'sublet',
    plugins: [
      {
        type: 'bridge',
        bridge: 'cni0',
        isGateway: true,
        ipMasq: true,
        ipMasqBackend: 'nftables',
        // A pod reaches its own Service.
        hairpinMode: true,
        ipam: { type: 'host-local', ranges: [[{ subnet: NETWORK.podCidr }]], routes: [{ dst: '0.0.0.0/0' }] },
      },
      { type: 'portmap', backend: 'nftables', capabilities: { portMappings: true } },
    ],
  });
}
