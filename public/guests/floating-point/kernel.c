// A small kernel in C: processes with page tables of their own, memory on demand, preemption by the timer, input by the interrupt
// controller, and a floating-point unit that is saved only for those who have changed it (sstatus.FS).
typedef unsigned long u64;
typedef unsigned char u8;

#define PROCESSES 3
#define PAGE 4096ul
#define USER_CODE 0x40000000ul
#define USER_HEAP 0x50000000ul
#define USER_HEAP_END 0x50100000ul
#define USER_STACK 0x60000000ul
#define TICKS 20000ul

enum { V = 1, R = 2, W = 4, X = 8, U = 16, G = 32, A = 64, D = 128 };
enum { SPP = 1 << 8, SPIE = 1 << 5, FS_INITIAL = 1 << 13, FS_CLEAN = 2 << 13, FS_DIRTY = 3 << 13 };
enum { EXIT, WRITE, READ, YIELD };

#define read_csr(name) ({ u64 value; __asm__ volatile("csrr %0, " #name : "=r"(value)); value; })
#define write_csr(name, value) __asm__ volatile("csrw " #name ", %0" : : "r"((u64)(value)) : "memory")

struct process {
  u64 frame[32]; // pc, x1 .. x31
  u64 floats[33]; // f0 .. f31, fcsr
  u64 *table;
  u64 status; // FS, as the process has it
  int alive, waits;
  u64 faults, switches, saves;
};

extern u8 user_load[], user_size[], free_memory[];
extern void programs_start(void), trap_entry(void), float_save(u64 *), float_load(u64 *);
extern void resume(u64 *frame) __attribute__((noreturn));

static struct process processes[PROCESSES];
static struct process *current;
static u8 *next_page;
static u8 key;
static int keys;

static u64 sbi(u64 extension, u64 function, u64 a, u64 b) {
  register u64 a0 __asm__("a0") = a;
  register u64 a1 __asm__("a1") = b;
  register u64 a6 __asm__("a6") = function;
  register u64 a7 __asm__("a7") = extension;
  __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a6), "r"(a7) : "memory");
  return a0;
}
static void put(char c) { sbi(1, 0, (u8)c, 0); }
static void print(const char *text) { while (*text) put(*text++); }
static void print_number(u64 value, u64 base) {
  char digits[32];
  int n = 0;
  do digits[n++] = "0123456789abcdef"[value % base]; while (value /= base);
  while (n) put(digits[--n]);
}
static void power_off(u64 reason) { for (;;) sbi(0x53525354, 0, 0, reason); }

static void set_timer(void) { sbi(0, 0, read_csr(time) + TICKS, 0); }

// The controller says which device, the device which key. 0 when nothing has come.
static int take_input(void) {
  volatile unsigned *claim = (unsigned *)0x0c201004;
  unsigned source = *claim;
  if (source == 10) {
    key = *(volatile u8 *)0x10000000;
    keys = 1;
  }
  if (source) *claim = source;
  return source != 0;
}

void kernel_trap(u64 cause, u64 pc, u64 value) {
  print("\nthe kernel trapped: cause "); print_number(cause, 10);
  print(", pc "); print_number(pc, 16); print(", value "); print_number(value, 16); print("\n");
  power_off(1);
}

static u8 *page(void) {
  u8 *taken = next_page;
  next_page += PAGE;
  for (u64 n = 0; n < PAGE / 8; n++) ((u64 *)taken)[n] = 0;
  return taken;
}

static void map(u64 *table, u64 va, u64 pa, u64 flags, int level) {
  for (int depth = 2; depth > level; depth--) {
    u64 *entry = &table[va >> (12 + 9 * depth) & 511];
    if (!(*entry & V)) *entry = (u64)page() >> 12 << 10 | V;
    table = (u64 *)(*entry >> 10 << 12);
  }
  table[va >> (12 + 9 * level) & 511] = pa >> 12 << 10 | flags | V | A | D;
}

static void make_process(int number) {
  struct process *p = &processes[number];
  p->table = (u64 *)page();
  map(p->table, 0x80000000, 0x80000000, R | W | X | G, 2);
  map(p->table, 0x10000000, 0x10000000, R | W | G, 1);
  for (u64 at = 0x0c000000; at < 0x0c400000; at += 0x200000) map(p->table, at, at, R | W | G, 1);
  for (u64 at = 0; at < (u64)user_size; at += PAGE) map(p->table, USER_CODE + at, (u64)user_load + at, R | X | U, 0);
  p->frame[0] = (u64)programs_start;
  p->frame[2] = USER_STACK;
  p->frame[10] = number;
  p->status = FS_INITIAL;
  p->alive = 1;
}

// The unit belongs to whoever runs: its state is stored only when FS says that it is dirty, and loaded when another process comes.
static void leave(struct process *p) {
  p->status = read_csr(sstatus) & FS_DIRTY;
  if (p->status == FS_DIRTY) {
    float_save(p->floats);
    p->saves++;
    p->status = FS_CLEAN;
  }
}

static void enter(struct process *p) __attribute__((noreturn));
static void enter(struct process *p) {
  if (current != p) {
    write_csr(satp, 8ul << 60 | (u64)(p - processes + 1) << 44 | (u64)p->table >> 12);
    write_csr(sstatus, (read_csr(sstatus) & ~(u64)FS_DIRTY) | FS_INITIAL);
    float_load(p->floats);
    p->switches++;
    current = p;
  }
  write_csr(sstatus, (read_csr(sstatus) & ~(u64)(SPP | FS_DIRTY)) | SPIE | p->status);
  resume(p->frame);
}

static void finish(void) __attribute__((noreturn));
static void finish(void) {
  for (int n = 0; n < PROCESSES; n++) {
    print("process "); print_number(n, 10); print(": ");
    print_number(processes[n].faults, 10); print(" pages on demand, the unit saved ");
    print(processes[n].saves ? "when it was dirty\n" : "never\n");
  }
  print("all processes are done\n");
  power_off(0);
  for (;;) {}
}

static void schedule(void) __attribute__((noreturn));
static void schedule(void) {
  int from = current ? (int)(current - processes) : PROCESSES - 1;
  for (;;) {
    int alive = 0;
    for (int n = 1; n <= PROCESSES; n++) {
      struct process *p = &processes[(from + n) % PROCESSES];
      alive |= p->alive;
      if (!p->alive || (p->waits && keys == 0)) continue;
      if (p->waits) {
        p->waits = 0;
        p->frame[10] = key;
        keys = 0;
      }
      enter(p);
    }
    if (!alive) finish();
    __asm__ volatile("wfi");
    if (!take_input()) set_timer();
  }
}

static void page_fault(u64 address) {
  if (address >= USER_HEAP_END && (address < USER_STACK - 4 * PAGE || address >= USER_STACK)) goto wrong;
  if (address < USER_HEAP) goto wrong;
  map(current->table, address & ~(PAGE - 1), (u64)page(), R | W | U, 0);
  __asm__ volatile("sfence.vma %0, zero" : : "r"(address) : "memory");
  current->faults++;
  return;
wrong:
  print("a process has no memory at "); print_number(address, 16); print("\n");
  current->alive = 0;
}

static void system_call(void) {
  u64 *x = current->frame;
  x[0] += 4;
  switch (x[17]) {
    case WRITE: {
      write_csr(sstatus, read_csr(sstatus) | 1 << 18); // SUM: the text is the user's
      const char *text = (const char *)x[10];
      for (u64 n = 0; n < x[11]; n++) put(text[n]);
      write_csr(sstatus, read_csr(sstatus) & ~(1ul << 18));
      return;
    }
    case READ: current->waits = 1; return;
    case EXIT: current->alive = 0; return;
    default: return;
  }
}

void trap(void) {
  u64 cause = read_csr(scause);
  leave(current);
  if (cause >> 63) {
    if ((cause & 63) == 5) set_timer();
    else take_input();
    schedule();
  }
  if (cause == 8) {
    int turns = current->frame[17] != WRITE;
    system_call();
    if (turns) schedule();
  } else if (cause == 12 || cause == 13 || cause == 15) page_fault(read_csr(stval));
  else {
    print("a process is wrong: cause "); print_number(cause, 10); print("\n");
    current->alive = 0;
  }
  if (!current->alive) schedule();
  enter(current);
}

void kernel_main(void) {
  next_page = (u8 *)(((u64)free_memory + PAGE - 1) & ~(PAGE - 1));
  print("three processes, one floating-point unit\n");
  write_csr(stvec, (u64)trap_entry);
  write_csr(sscratch, 0);
  for (int n = 0; n < PROCESSES; n++) make_process(n);
  *(volatile unsigned *)(0x0c000000 + 4 * 10) = 1; // priority of the UART
  *(volatile unsigned *)0x0c002080 = 1 << 10; // enabled for S mode
  *(volatile unsigned *)0x0c201000 = 0;
  *(volatile u8 *)0x10000001 = 1; // interrupt when a key comes
  write_csr(sie, 1 << 5 | 1 << 9);
  set_timer();
  schedule();
}
