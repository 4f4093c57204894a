// A kernel as a module of WebAssembly that exports one function of the rounds.
#include "kernel.h"

static uint64_t arena[1 << 20];

__attribute__((export_name("bench"))) uint64_t bench(uint64_t rounds) { return kernel(rounds, arena); }
