/** How the kernels in C are compiled, whatever for. Products and sums are not fused, so that floating point gives the same bits everywhere. */
export const OPTIMIZED = ['-std=c11', '-Wall', '-Wextra', '-O2', '-ffreestanding', '-fno-builtin', '-fno-math-errno', '-ffp-contract=off'];
