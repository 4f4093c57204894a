// A kernel as a program of this machine: prints its checksum, the wall time and the time of the processor, in seconds.
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "kernel.h"

static uint64_t arena[1 << 20];

static double seconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int main(int count, char **words) {
  uint64_t rounds = count > 1 ? strtoull(words[1], 0, 10) : 1;
  double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  uint64_t checksum = kernel(rounds, arena);
  cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  wall = seconds(CLOCK_MONOTONIC) - wall;
  printf("%016llx %.9f %.9f\n", (unsigned long long)checksum, wall, cpu);
  return 0;
}
