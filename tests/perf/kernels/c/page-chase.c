// A chain through 4 MiB in pages of 4 KiB, in a random order: every load waits for the one before, and most of them for the TLB.
#include "kernel.h"

#define LINES (1u << 16)
#define WORDS_OF_LINE 8u

uint64_t kernel(uint64_t rounds, uint64_t *arena) {
  uint64_t state = 88172645463325252u, sum = 0;
  for (uint32_t i = 0; i < LINES; i += 1) arena[i * WORDS_OF_LINE] = i;
  // One cycle through all of them.
  for (uint32_t i = LINES - 1; i > 0; i -= 1) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    uint32_t j = (uint32_t)(state % i);
    uint64_t line = arena[i * WORDS_OF_LINE];
    arena[i * WORDS_OF_LINE] = arena[j * WORDS_OF_LINE];
    arena[j * WORDS_OF_LINE] = line;
  }
  uint64_t line = 0;
  for (uint64_t round = 0; round < rounds; round += 1) {
    for (uint32_t i = 0; i < LINES; i += 1) {
      line = arena[line * WORDS_OF_LINE];
      sum = sum * 31 + line;
    }
    line = (line + 1) & (LINES - 1);
  }
  return sum;
}
