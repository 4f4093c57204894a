// The programs of the processes. They compute with singles and doubles while the timer takes the processor from each of them, again and
// again: were one register of the unit not restored, the digits would be wrong.
typedef unsigned long u64;

enum { EXIT, WRITE, READ, YIELD };

static u64 call(u64 number, u64 a, u64 b) {
  register u64 a0 __asm__("a0") = a;
  register u64 a1 __asm__("a1") = b;
  register u64 a7 __asm__("a7") = number;
  __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a7) : "memory");
  return a0;
}

static char *word(char *at, const char *text) { while (*text) *at++ = *text++; return at; }
// A number with nine digits behind the point.
static char *decimal(char *at, double value) {
  if (value < 0) { *at++ = '-'; value = -value; }
  u64 whole = (u64)value, part = (u64)((value - (double)whole) * 1e9 + 0.5);
  char digits[24];
  int n = 0;
  do digits[n++] = '0' + whole % 10; while (whole /= 10);
  while (n) *at++ = digits[--n];
  *at++ = '.';
  for (u64 place = 100000000; place; place /= 10) *at++ = '0' + part / place % 10;
  return at;
}
static void say(const char *name, double value) {
  char text[64], *at = decimal(word(word(text, name), " = "), value);
  *at++ = '\n';
  call(WRITE, (u64)text, at - text);
}

// pi by Machin's formula, in doubles.
static double arctangent_of_inverse(double x) {
  double sum = 0, power = 1 / x;
  for (int n = 1; n < 40; n += 4) {
    sum += power / n; power /= x * x;
    sum -= power / (n + 2); power /= x * x;
  }
  return sum;
}
static void circle(void) {
  double pi = 0;
  for (int round = 0; round < 40; round++) pi = 4 * (4 * arctangent_of_inverse(5) - arctangent_of_inverse(239));
  say("pi", pi);
}

// The heat along a rod, in singles, in memory that comes on demand.
static void heat(void) {
  float *rod = (float *)0x50000000;
  const int cells = 4096;
  for (int n = 0; n < cells; n++) rod[n] = n < cells / 2 ? 100.0f : 0.0f;
  for (int step = 0; step < 8; step++)
    for (int n = 1; n < cells - 1; n++) rod[n] += 0.25f * (rod[n - 1] - 2 * rod[n] + rod[n + 1]);
  say("heat in the middle", (double)rod[cells / 2]);
}

// Square roots by the instruction, against Newton; and a key.
static void roots(void) {
  double worst = 0;
  for (int n = 2; n < 200; n++) {
    double by_hand = n, by_instruction;
    for (int round = 0; round < 20; round++) by_hand = 0.5 * (by_hand + n / by_hand);
    __asm__("fsqrt.d %0, %1" : "=f"(by_instruction) : "f"((double)n));
    double difference = by_hand > by_instruction ? by_hand - by_instruction : by_instruction - by_hand;
    if (difference > worst) worst = difference;
  }
  say("roots differ by at most", worst);
  call(WRITE, (u64)"press a key: ", 13);
  char key[2] = {(char)call(READ, 0, 0), '\n'};
  call(WRITE, (u64)key, 2);
}

void programs_start(u64 number) {
  if (number == 0) circle();
  else if (number == 1) heat();
  else roots();
  call(EXIT, 0, 0);
  for (;;) {}
}
