import type { Finder } from '../types';
import { notAllowed } from '../wording';

const SINCE_0: readonly string[] = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
];
const SINCE_27: readonly string[] = [...SINCE_0, 'net.ipv4.ip_local_reserved_ports'];
const SINCE_29: readonly string[] = [
  ...SINCE_27,
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
];
const SINCE_32: readonly string[] = [...SINCE_29, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'];
const SINCE_37: readonly string[] = [...SINCE_32, 'net.ipv4.tcp_slow_start_after_idle', 'net.ipv4.tcp_notsent_lowat'];

/** Kernel parameters that belong to the pod alone and harm no other, by the minor from which they are known as such. */
export const SYSCTL_FORMS = [
  { from: 0, find: outside(SINCE_0) },
  { from: 27, find: outside(SINCE_27) },
  { from: 29, find: outside(SINCE_29) },
  { from: 32, find: outside(SINCE_32) },
  { from: 37, find: outside(SINCE_37) },
] as const;

function outside(safe: readonly string[]): Finder {
  return ({ spec }) =>
    (spec.securityContext?.sysctls ?? []).flatMap(({ name }, index) =>
      safe.includes(name)
        ? []
        : [
            {
              field: `spec.securityContext.sysctls[${index}].name`,
              problem: notAllowed(name),
              exemptible: { kind: 'sysctl', name },
            },
          ],
    );
}
