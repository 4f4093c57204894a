// What embedded benchmarks do: a linked list that is built, sorted, reversed and searched; small matrices; a state machine that reads numbers; a CRC over all of it.
#include "kernel.h"

#define NODES 256
#define SIZE 12
#define TEXT 512

struct node { struct node *next; int16_t key; int16_t value; };

static struct node nodes[NODES];
static int16_t left[SIZE][SIZE], right[SIZE][SIZE];
static int32_t product[SIZE][SIZE];
static uint8_t text[TEXT];

static uint16_t crc(uint16_t sum, uint32_t value) {
  for (int bit = 0; bit < 16; bit += 1) {
    uint16_t carry = (uint16_t)((sum ^ value) & 1);
    sum = (uint16_t)(sum >> 1);
    value >>= 1;
    if (carry != 0) sum ^= 0xa001;
  }
  return sum;
}

static struct node *merge(struct node *a, struct node *b) {
  struct node head, *tail = &head;
  while (a != 0 && b != 0) {
    struct node **least = a->key <= b->key ? &a : &b;
    tail->next = *least;
    tail = *least;
    *least = (*least)->next;
  }
  tail->next = a != 0 ? a : b;
  return head.next;
}

static struct node *sorted(struct node *list, uint32_t count) {
  if (count < 2) {
    list->next = 0;
    return list;
  }
  struct node *second = list;
  for (uint32_t i = 0; i < count / 2; i += 1) second = second->next;
  return merge(sorted(list, count / 2), sorted(second, count - count / 2));
}

static uint16_t lists(uint16_t sum, uint32_t seed) {
  for (uint32_t i = 0; i < NODES; i += 1) {
    nodes[i].next = i + 1 < NODES ? &nodes[i + 1] : 0;
    nodes[i].key = (int16_t)((i * 2654435761u + seed) >> 12);
    nodes[i].value = (int16_t)i;
  }
  struct node *list = sorted(nodes, NODES), *reversed = 0;
  while (list != 0) {
    struct node *rest = list->next;
    list->next = reversed;
    reversed = list;
    list = rest;
  }
  for (uint32_t wanted = 0; wanted < 16; wanted += 1) {
    struct node *node = reversed;
    while (node != 0 && (node->value & 63) != (int16_t)(wanted * 4)) node = node->next;
    if (node != 0) sum = crc(sum, (uint16_t)node->key);
  }
  return sum;
}

static uint16_t matrices(uint16_t sum, uint32_t seed) {
  for (int i = 0; i < SIZE; i += 1) {
    for (int j = 0; j < SIZE; j += 1) {
      left[i][j] = (int16_t)(seed + (uint32_t)(i * j));
      right[i][j] = (int16_t)(seed * 3u + (uint32_t)(i - j));
    }
  }
  for (int i = 0; i < SIZE; i += 1) {
    for (int j = 0; j < SIZE; j += 1) {
      int32_t total = 0;
      for (int k = 0; k < SIZE; k += 1) total = (int32_t)((uint32_t)total + (uint32_t)(left[i][k] * right[k][j]));
      product[i][j] = total;
    }
  }
  for (int i = 0; i < SIZE; i += 1) sum = crc(sum, (uint32_t)(product[i][(i * 5) % SIZE] >> 3));
  return sum;
}

enum state { START, SIGN, WHOLE, POINT, FRACTION, EXPONENT, WRONG, STATES };

static enum state step(enum state now, uint8_t character) {
  int digit = character >= '0' && character <= '9';
  switch (now) {
    case START: return digit ? WHOLE : character == '+' || character == '-' ? SIGN : character == '.' ? POINT : WRONG;
    case SIGN: return digit ? WHOLE : character == '.' ? POINT : WRONG;
    case WHOLE: return digit ? WHOLE : character == '.' ? FRACTION : character == 'e' ? EXPONENT : WRONG;
    case POINT: return digit ? FRACTION : WRONG;
    case FRACTION: return digit ? FRACTION : character == 'e' ? EXPONENT : WRONG;
    case EXPONENT: return digit || character == '-' ? EXPONENT : WRONG;
    default: return WRONG;
  }
}

static uint16_t machine(uint16_t sum, uint32_t seed) {
  static const char characters[] = "0123456789.+-e,5,7.2e1x,8";
  uint32_t counts[STATES] = { 0 };
  for (uint32_t i = 0; i < TEXT; i += 1) {
    seed = seed * 1103515245u + 12345u;
    text[i] = (uint8_t)characters[(seed >> 16) % (sizeof characters - 1)];
  }
  enum state now = START;
  for (uint32_t i = 0; i < TEXT; i += 1) {
    now = text[i] == ',' ? START : step(now, text[i]);
    counts[now] += 1;
  }
  for (int i = 0; i < STATES; i += 1) sum = crc(sum, counts[i]);
  return sum;
}

uint64_t kernel(uint64_t rounds, uint64_t *arena) {
  uint16_t sum = 0xffff;
  for (uint64_t round = 0; round < rounds; round += 1) {
    uint32_t seed = (uint32_t)round * 40503u + sum;
    sum = machine(matrices(lists(sum, seed), seed), seed);
  }
  arena[0] = sum;
  return sum;
}
