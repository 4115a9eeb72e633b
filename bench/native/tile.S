# The register tile of the dense products, src/kernels/assembly/tile.ts, in assembly for x64: the same loads,
# multiplications and additions, in the order of V8's older compiler and in other orders. Lockstep does not
# use this; see tile.cpp.
#
#   rdi  x, 4 rows, rsi bytes apart     rdx  W     rcx  steps, a multiple of 8
#   r8   a number that is compared with the stack pointer in every turn, as V8 does to learn whether the
#        thread must stop
#
# Sums: xmm0 to xmm7. Each function is one loop of 2, 4 or 8 steps a turn, and moves the five pointers of V8's
# loop.

.macro load_W k
  vmovups 32*\k(%rdx), %xmm8
  vmovups 32*\k+16(%rdx), %xmm9
.endm

# One row: its number of x is in \v.
.macro one_by_one v, s0, s1
  vmulps %xmm9, \v, %xmm14
  vaddps %xmm14, \s1, \s1
  vmulps %xmm8, \v, \v
  vaddps \v, \s0, \s0
.endm

.macro two_by_two v, s0, s1
  vmulps %xmm9, \v, %xmm14
  vmulps %xmm8, \v, \v
  vaddps %xmm14, \s1, \s1
  vaddps \v, \s0, \s0
.endm

# All loads of a step, then the rows.
.macro loads_first row, k
  load_W \k
  vbroadcastss 4*\k(%rdi), %xmm10
  vbroadcastss 4*\k(%r9), %xmm11
  vbroadcastss 4*\k(%r10), %xmm12
  vbroadcastss 4*\k(%r11), %xmm13
  \row %xmm13, %xmm6, %xmm7
  \row %xmm12, %xmm4, %xmm5
  \row %xmm11, %xmm2, %xmm3
  \row %xmm10, %xmm0, %xmm1
.endm

# V8's order: each addition follows its multiplication.
.macro v8 k
  loads_first one_by_one, \k
.endm

.macro v8_pairs k
  loads_first two_by_two, \k
.endm

# Each row: its load, then each addition after its multiplication. Also the two instructions that V8 adds to a
# step of the tile: an address, and the check whether there is such a step.
.macro tiles k
  cmpq $\k, %rcx
  jbe 2f
  leaq 4*\k(%rsi), %rbx
  load_W \k
  vbroadcastss (%rbx,%rdi), %xmm10
  one_by_one %xmm10, %xmm0, %xmm1
  vbroadcastss (%rbx,%r9), %xmm10
  one_by_one %xmm10, %xmm2, %xmm3
  vbroadcastss (%rbx,%r10), %xmm10
  one_by_one %xmm10, %xmm4, %xmm5
  vbroadcastss (%rbx,%r11), %xmm10
  one_by_one %xmm10, %xmm6, %xmm7
.endm

# Each row: its load, two multiplications, two additions.
.macro by_row k
  load_W \k
  vbroadcastss 4*\k(%rdi), %xmm10
  two_by_two %xmm10, %xmm0, %xmm1
  vbroadcastss 4*\k(%r9), %xmm11
  two_by_two %xmm11, %xmm2, %xmm3
  vbroadcastss 4*\k(%r10), %xmm12
  two_by_two %xmm12, %xmm4, %xmm5
  vbroadcastss 4*\k(%r11), %xmm13
  two_by_two %xmm13, %xmm6, %xmm7
.endm

.macro tile order, turn
  .globl \order\()_\turn
  .p2align 6
\order\()_\turn:
  pushq %rbx
  leaq (%rdi,%rsi), %r9
  leaq (%r9,%rsi), %r10
  leaq (%r10,%rsi), %r11
  leaq (%rdi,%rcx,4), %rax
  xorl %esi, %esi
  .irp n, 0, 1, 2, 3, 4, 5, 6, 7
  vxorps %xmm\n, %xmm\n, %xmm\n
  .endr
  .p2align 6
1:
  cmpq (%r8), %rsp
  jbe 2f
  .set step, 0
  .rept \turn
  \order step
  .set step, step + 1
  .endr
  addq $4*\turn, %rdi
  addq $4*\turn, %r9
  addq $4*\turn, %r10
  addq $4*\turn, %r11
  addq $32*\turn, %rdx
  cmpq %rax, %rdi
  jb 1b
2:
  vaddps %xmm1, %xmm0, %xmm0
  .irp n, 2, 3, 4, 5, 6, 7
  vaddps %xmm\n, %xmm0, %xmm0
  .endr
  popq %rbx
  ret
.endm

.irp turn, 2, 4, 8
tile v8, \turn
tile v8_pairs, \turn
tile tiles, \turn
tile by_row, \turn
.endr

.section .note.GNU-stack, "", @progbits
