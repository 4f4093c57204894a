// A mix of integer work: hashing, division, bit counting, a sort, decimal text and a search in it.
#include "kernel.h"

#define ITEMS 1024

static uint64_t state;

static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static uint64_t mix(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
  return hash ^ (hash >> 29);
}

static uint64_t divisor(uint64_t a, uint64_t b) {
  while (b != 0) {
    uint64_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

static uint32_t bits(uint64_t value) {
  uint32_t count = 0;
  for (; value != 0; value &= value - 1) count += 1;
  return count;
}

static void sort(uint32_t *items, uint32_t count) {
  for (uint32_t gap = count / 2; gap > 0; gap /= 2) {
    for (uint32_t i = gap; i < count; i += 1) {
      uint32_t item = items[i], j = i;
      for (; j >= gap && items[j - gap] > item; j -= gap) items[j] = items[j - gap];
      items[j] = item;
    }
  }
}

static uint32_t decimal(uint64_t value, uint8_t *text) {
  uint32_t length = 0;
  do {
    text[length] = (uint8_t)('0' + value % 10);
    length += 1;
    value /= 10;
  } while (value != 0);
  return length;
}

uint64_t kernel(uint64_t rounds, uint64_t *arena) {
  uint32_t *items = (uint32_t *)arena;
  uint8_t *text = (uint8_t *)(arena + ITEMS);
  uint64_t hash = 0;
  state = 88172645463325252u;
  for (uint64_t round = 0; round < rounds; round += 1) {
    for (uint32_t i = 0; i < ITEMS; i += 1) items[i] = (uint32_t)next();
    sort(items, ITEMS);
    uint32_t length = 0;
    for (uint32_t i = 1; i < ITEMS; i += 1) {
      hash = mix(hash, items[i] - items[i - 1]);
      if ((i & 15) == 0) {
        hash = mix(hash, divisor(next(), items[i] | 1u));
        length += decimal(next(), text + length);
      }
      hash += bits(hash);
    }
    for (uint32_t i = 0; i + 2 < length; i += 1) if (text[i] == '1' && text[i + 1] == '2' && text[i + 2] > '4') hash = mix(hash, i);
  }
  return hash;
}
