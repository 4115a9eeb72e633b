/** Node reads or hashes less than 2^31 bytes in one call; this is a safe part of them. */
export const mostAtOnce = 1_073_741_824;
