import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ComponentProvider } from '@pulumi/pulumi/provider/experimental';
import { COMPONENTS } from '../../../plugin/components';

/** Writes down the schema that Pulumi makes of the components: what changes in it changes for every other language. */
async function main(folder: string): Promise<void> {
  const provider = new ComponentProvider({ name: 'sublet', components: COMPONENTS, dirname: folder });
  const schema: unknown = JSON.parse(await provider.getSchema());
  writeFileSync(join(folder, 'schema.json'), `${JSON.stringify(schema, null, 2)}\n`);
}

void main(join(process.cwd(), 'plugin'));
