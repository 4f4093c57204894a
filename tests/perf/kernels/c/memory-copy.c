// Memory copied: by words, by bytes, and backwards by words that overlap, through 2 MiB in pages of 4 KiB.
#include "kernel.h"

#define WORDS (1u << 17)

static void copy(uint64_t *to, const uint64_t *from, uint32_t words) {
  for (uint32_t i = 0; i < words; i += 4) {
    uint64_t a = from[i], b = from[i + 1], c = from[i + 2], d = from[i + 3];
    to[i] = a;
    to[i + 1] = b;
    to[i + 2] = c;
    to[i + 3] = d;
  }
}

static void copy_bytes(uint8_t *to, const uint8_t *from, uint32_t bytes) {
  for (uint32_t i = 0; i < bytes; i += 1) to[i] = from[i];
}

static void move_up(uint64_t *words, uint32_t count, uint32_t by) {
  for (uint32_t i = count; i > 0; i -= 1) words[i - 1 + by] = words[i - 1];
}

uint64_t kernel(uint64_t rounds, uint64_t *arena) {
  uint64_t *from = arena, *to = arena + WORDS, hash = 0;
  for (uint32_t i = 0; i < WORDS; i += 1) from[i] = i * 0x9e3779b97f4a7c15u;
  for (uint64_t round = 0; round < rounds; round += 1) {
    copy(to, from, WORDS);
    copy_bytes((uint8_t *)from + 3, (const uint8_t *)to + 64 * (round & 1023), WORDS);
    move_up(to, WORDS / 2, 1 + (uint32_t)(round & 3));
    copy(from + WORDS / 2, to, WORDS / 2);
    hash = (hash << 7 | hash >> 57) ^ from[(round * 4099) & (WORDS - 1)];
  }
  return hash;
}
