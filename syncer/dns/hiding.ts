import { isWithin, plainName } from './names';
import { type Ask, emptyReply } from './reply';
import { RCODE, type ResourceRecord } from './wire/message';

/**
 * Asks somebody who also knows names that nobody here may see: names in `zone` do not exist, and neither does what leads
 * to one of them, such as the name of an address.
 */
export function hiding(ask: Ask, zone: string): Ask {
  const isHidden = (record: ResourceRecord): boolean =>
    isWithin(plainName(record.name), zone) || ('name' in record.data && isWithin(plainName(record.data.name), zone));
  return async (question, options) => {
    if (isWithin(plainName(question.name), zone)) return NOTHING;
    const reply = await ask(question, options);
    if (reply.answers.some(isHidden) || reply.authorities.some(isHidden)) return NOTHING;
    return { ...reply, additionals: reply.additionals.filter((record) => !isHidden(record)) };
  };
}

const NOTHING = emptyReply(RCODE.NXDOMAIN);
