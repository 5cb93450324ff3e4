/** Items that are made at once: enough that the making costs little, few enough to stay in the processor's cache. */
export const BLOCK_LENGTH = 4096
