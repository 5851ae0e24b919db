import { withoutAllocations } from '../../../syncer/services/allocation';
import type { Service } from '../../../syncer/services/types';

const SERVICE: Service = {
  metadata: { name: 's' },
  spec: {
    type: 'NodePort',
    clusterIP: '10.0.0.7',
    clusterIPs: ['10.0.0.7'],
    ports: [{ port: 80, nodePort: 30001 }],
  },
};
const IP_TAKEN =
  'Service "s" is invalid: spec.clusterIPs: Invalid value: ["10.0.0.7"]: failed to allocate IP 10.0.0.7: provided IP is already allocated';
const IP_OUTSIDE =
  'Service "s" is invalid: spec.clusterIPs: Invalid value: ["10.0.0.7"]: failed to allocate IP 10.0.0.7: the provided IP (10.0.0.7) is not in the valid range. The range of valid IPs is 10.96.0.0/16';
const PORT_TAKEN =
  'Service "s" is invalid: spec.ports[0].nodePort: Invalid value: 30001: provided port is already allocated';
const PORT_OUTSIDE =
  'Service "s" is invalid: spec.ports[0].nodePort: Invalid value: 30001: provided port is not in the valid range. The range of valid ports is 31000-32767';

describe('what to ask for when the host can’t give an address', () => {
  it.each([IP_TAKEN, IP_OUTSIDE])('any address and any port: %s', (message) => {
    expect(withoutAllocations(SERVICE, { status: 422, message })?.spec).toEqual({
      type: 'NodePort',
      ports: [{ port: 80 }],
    });
  });

  it.each([PORT_TAKEN, PORT_OUTSIDE])('any port, but the same address: %s', (message) => {
    expect(withoutAllocations(SERVICE, { status: 422, message })?.spec).toEqual({
      type: 'NodePort',
      clusterIP: '10.0.0.7',
      clusterIPs: ['10.0.0.7'],
      ports: [{ port: 80 }],
    });
  });

  it.each([
    [422, 'Service "s" is invalid: spec.type: Unsupported value: "x"'],
    [403, 'services "s" is forbidden: exceeded quota'],
    [409, PORT_TAKEN],
  ])('nothing else, on %d %s', (status, message) => {
    expect(withoutAllocations(SERVICE, { status, message })).toBeUndefined();
  });
});
