/*
 * A small C kernel with demand paging: the check that programs built by outside tools run here.
 *
 * One user process sorts an array in a heap that is not there: each first touch of a page is a page fault, and the kernel maps a zeroed page.
 * When it runs out of physical pages it takes the oldest one away, after writing its contents to a backing store. The accessed and dirty bits
 * that the hardware keeps in the page table decide whether a page must be written back.
 *
 * build.sh says how it is built; demand-paging.elf is what it made.
 */
typedef unsigned long u64;
typedef unsigned char u8;

enum { V = 1, R = 2, W = 4, X = 8, U = 16, G = 32, A = 64, D = 128 };
enum { PAGE = 4096, FRAMES = 8, HEAP_PAGES = 32 };
#define USER_BASE 0x400000UL
#define HEAP_BASE 0x10000000UL
#define STACK_TOP 0x20000000UL

enum { SYS_PRINT_NUMBER = 1, SYS_EXIT = 2 };
enum { CAUSE_ECALL_USER = 8, CAUSE_FETCH_PAGE = 12, CAUSE_LOAD_PAGE = 13, CAUSE_STORE_PAGE = 15 };

struct frame { u64 pc, x[32 - 1]; };
#define REG(f, n) ((f)->x[(n) - 1])

extern char user_begin[], user_end[];
extern void trap_entry(void), enter_user(struct frame *), user_main(void);

static struct frame frame;
static u64 root[512] __attribute__((aligned(PAGE)));
static u64 middle[512] __attribute__((aligned(PAGE)));
static u64 user_leaf[512] __attribute__((aligned(PAGE)));
static u64 heap_middle_leaf[512] __attribute__((aligned(PAGE)));
static u64 stack_leaf[512] __attribute__((aligned(PAGE)));
static u8 stack_page[PAGE] __attribute__((aligned(PAGE)));
static u8 frames[FRAMES][PAGE] __attribute__((aligned(PAGE)));
static u8 store[HEAP_PAGES][PAGE] __attribute__((aligned(PAGE)));
static int frame_holds[FRAMES];
static u8 in_store[HEAP_PAGES];
static int next_victim;
static u64 faults, evictions, written_back;

static long sbi(u64 extension, u64 function, u64 arg0, u64 arg1) {
  register u64 a0 __asm__("a0") = arg0;
  register u64 a1 __asm__("a1") = arg1;
  register u64 a6 __asm__("a6") = function;
  register u64 a7 __asm__("a7") = extension;
  __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a6), "r"(a7) : "memory");
  return (long)a0;
}
static void put(char c) { sbi(1, 0, (u64)c, 0); }
static void print(const char *s) { while (*s) put(*s++); }
static void print_number(u64 n) {
  if (n >= 10) print_number(n / 10);
  put((char)('0' + n % 10));
}
static void shut_down(u64 reason) { for (;;) sbi(0x53525354, 0, 0, reason); }

static u64 leaf(const void *page, u64 flags) { return ((u64)page >> 12 << 10) | flags; }
static void flush(u64 va) { __asm__ volatile("sfence.vma %0, zero" : : "r"(va) : "memory"); }
static void copy(u8 *to, const u8 *from) { for (int i = 0; i < PAGE; i += 8) *(u64 *)(to + i) = *(const u64 *)(from + i); }
static void clear(u8 *page) { for (int i = 0; i < PAGE; i += 8) *(u64 *)(page + i) = 0; }

/* Takes the page away that has been in memory longest; writes it back when the dirty bit says that it was changed. */
static int evict(void) {
  int f = next_victim;
  next_victim = (next_victim + 1) % FRAMES;
  int page = frame_holds[f];
  u64 pte = heap_middle_leaf[page];
  heap_middle_leaf[page] = 0;
  flush(HEAP_BASE + (u64)page * PAGE);
  if (pte & D) {
    copy(store[page], frames[f]);
    in_store[page] = 1;
    written_back++;
  }
  evictions++;
  return f;
}

static void page_in(u64 va) {
  int page = (int)((va - HEAP_BASE) / PAGE), f = -1;
  for (int i = 0; i < FRAMES && f < 0; i++) if (frame_holds[i] < 0) f = i;
  if (f < 0) f = evict();
  if (in_store[page]) copy(frames[f], store[page]); else clear(frames[f]);
  frame_holds[f] = page;
  heap_middle_leaf[page] = leaf(frames[f], V | R | W | U);
  flush(va);
  faults++;
}

void kernel_trap(struct frame *f) {
  u64 cause, value;
  __asm__ volatile("csrr %0, scause" : "=r"(cause));
  __asm__ volatile("csrr %0, stval" : "=r"(value));
  if ((cause == CAUSE_LOAD_PAGE || cause == CAUSE_STORE_PAGE) && value >= HEAP_BASE && value < HEAP_BASE + HEAP_PAGES * PAGE) {
    page_in(value);
    return;
  }
  if (cause == CAUSE_ECALL_USER) {
    f->pc += 4;
    if (REG(f, 17) == SYS_PRINT_NUMBER) {
      print("process: ");
      print_number(REG(f, 10));
      print("\n");
      return;
    }
    print("page faults ");
    print_number(faults);
    print(", evictions ");
    print_number(evictions);
    print(", written back ");
    print_number(written_back);
    print("\n");
    shut_down(0);
  }
  print("unexpected trap, cause ");
  print_number(cause);
  print("\n");
  shut_down(1);
}

void kernel_main(void) {
  print("A C kernel with demand paging.\n");
  __asm__ volatile("csrw stvec, %0" : : "r"(trap_entry));
  for (int i = 0; i < FRAMES; i++) frame_holds[i] = -1;

  root[2] = leaf((void *)0x80000000UL, V | R | W | X | G | A | D);
  root[0] = leaf(middle, V);
  middle[USER_BASE >> 21] = leaf(user_leaf, V);
  middle[HEAP_BASE >> 21] = leaf(heap_middle_leaf, V);
  middle[(STACK_TOP - PAGE) >> 21] = leaf(stack_leaf, V);
  for (char *p = user_begin; p < user_end; p += PAGE)
    user_leaf[((USER_BASE >> 12) & 511) + (u64)(p - user_begin) / PAGE] = leaf(p, V | R | X | U | A);
  stack_leaf[((STACK_TOP - PAGE) >> 12) & 511] = leaf(stack_page, V | R | W | U | A | D);
  __asm__ volatile("sfence.vma; csrw satp, %0; sfence.vma" : : "r"(8UL << 60 | (u64)root >> 12) : "memory");
  __asm__ volatile("csrc sstatus, %0" : : "r"(1UL << 8));

  frame.pc = USER_BASE;
  REG(&frame, 2) = STACK_TOP;
  enter_user(&frame);
}

/* ---------------------------------------------------------------------------------------------- the process
 * Its constants must fit in instructions: a literal pool would stand in a kernel page, out of its reach. */
#define USER __attribute__((section(".user"), noinline))

USER static void system_call(u64 number, u64 value) {
  register u64 a0 __asm__("a0") = value;
  register u64 a7 __asm__("a7") = number;
  __asm__ volatile("ecall" : "+r"(a0) : "r"(a7) : "memory");
}

USER static void heap_sort(u64 *a, u64 n) {
  for (u64 end = n, start = n / 2; end > 1;) {
    u64 held;
    if (start > 0) held = a[--start];
    else { held = a[--end]; a[end] = a[0]; }
    u64 hole = start, child;
    while ((child = 2 * hole + 1) < end) {
      if (child + 1 < end && a[child + 1] > a[child]) child++;
      if (a[child] <= held) break;
      a[hole] = a[child];
      hole = child;
    }
    a[hole] = held;
  }
}

__attribute__((section(".user.start"))) void user_main(void) {
  u64 *a = (u64 *)HEAP_BASE, n = 5000, x = 88172645, before = 0, after = 0, order = 1;
  for (u64 i = 0; i < n; i++) {
    x ^= x << 13; x ^= x >> 7; x ^= x << 17;
    a[i] = x % 1000000;
    before += a[i];
  }
  heap_sort(a, n);
  for (u64 i = 0; i < n; i++) {
    after += a[i];
    if (i > 0 && a[i - 1] > a[i]) order = 0;
  }
  system_call(SYS_PRINT_NUMBER, a[0]);
  system_call(SYS_PRINT_NUMBER, a[n / 2]);
  system_call(SYS_PRINT_NUMBER, a[n - 1]);
  system_call(SYS_PRINT_NUMBER, order && before == after);
  system_call(SYS_EXIT, 0);
}
