import { createApi } from '../../../cli/kube/api';
import { readKubeconfig, selectContext } from '../../../cli/kubeconfig/read';
import { dialControlPlane } from '../../../cli/tunnel/forward';
import { startForwarder } from '../../../cli/tunnel/forwarder';

/** A port of this machine that leads to the API server of a virtual cluster, also of one that is still to come. */
export interface Reach extends AsyncDisposable {
  /** `https://localhost:<port>` */
  readonly server: string;
  readonly port: number;
}

/** Listens for connections to a virtual cluster and passes them on through the host's API server, as kubectl does. */
export async function reachCluster(
  hostKubeconfig: string,
  name: string,
  namespace = `vcluster-${name}`,
): Promise<Reach> {
  const api = createApi(selectContext(readKubeconfig([hostKubeconfig]), undefined));
  const forwarder = await startForwarder({
    dial: (signal) => dialControlPlane({ api, name, namespace }, signal),
    onError: () => {},
  });
  return {
    server: `https://localhost:${forwarder.port}`,
    port: forwarder.port,
    async [Symbol.asyncDispose]() {
      await forwarder.close();
      api.close();
    },
  };
}
