/** The name of one of nf_tables’ lists in, the message that asks for all of it out (linux/netfilter/nf_tables.h). */
import { Batch } from '../../netlink/batch.js'
import type { FilterList } from '../kernel.js'

/** NFNL_SUBSYS_NFTABLES */
const subsystem = 10 << 8
/** NFT_MSG_GET… */
const types: Readonly<Record<FilterList, number>> = { tables: 1, chains: 4, rules: 7 }
const NLM_F_DUMP = 0x300

/** Of every family: struct nfgenmsg is all zeros then. */
export function filterRequest(list: FilterList): Batch {
  const batch = new Batch(64)
  batch.begin(subsystem | types[list], NLM_F_DUMP)
  batch.reserve(4)
  batch.end()
  return batch
}
