import { componentProviderHost } from '@pulumi/pulumi/provider/experimental';
import { COMPONENTS } from './components';

/** Pulumi loads this file into a process of its own, in which it is not the main module. */
void componentProviderHost({ name: 'sublet', components: COMPONENTS });
