/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * void vcpu_switch(void **save, void *load): saves the callee-saved registers
 * on the current stack and its pointer in *save, then continues on `load`.
 * vcpu_fibre_start: the first return address of a fresh stack.
 */
#if defined(__x86_64__)
	.text
	.globl	vcpu_switch
	.type	vcpu_switch, @function
vcpu_switch:
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, (%rdi)
	movq	%rsi, %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	/* The host's values must not come to lie on a stack whose bytes are part of a
	 * state, in slots that only align it. */
	xorl	%eax, %eax
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	xorl	%esi, %esi
	xorl	%edi, %edi
	xorl	%r8d, %r8d
	xorl	%r9d, %r9d
	xorl	%r10d, %r10d
	xorl	%r11d, %r11d
	ret
	.size	vcpu_switch, .-vcpu_switch

	.globl	vcpu_fibre_start
	.type	vcpu_fibre_start, @function
vcpu_fibre_start:
	/* Entered by ret: the stack is 16-byte aligned here, and call makes it
	 * 8 mod 16 at the entry of C code, as the ABI has it. */
	xorl	%ebp, %ebp
	call	vcpu_fibre_main
	ud2
	.size	vcpu_fibre_start, .-vcpu_fibre_start
#elif defined(__aarch64__)
	.text
	.globl	vcpu_switch
	.type	vcpu_switch, %function
vcpu_switch:
	sub	sp, sp, #160
	stp	x19, x20, [sp, #0]
	stp	x21, x22, [sp, #16]
	stp	x23, x24, [sp, #32]
	stp	x25, x26, [sp, #48]
	stp	x27, x28, [sp, #64]
	stp	x29, x30, [sp, #80]
	stp	d8, d9, [sp, #96]
	stp	d10, d11, [sp, #112]
	stp	d12, d13, [sp, #128]
	stp	d14, d15, [sp, #144]
	mov	x9, sp
	str	x9, [x0]
	mov	sp, x1
	ldp	x19, x20, [sp, #0]
	ldp	x21, x22, [sp, #16]
	ldp	x23, x24, [sp, #32]
	ldp	x25, x26, [sp, #48]
	ldp	x27, x28, [sp, #64]
	ldp	x29, x30, [sp, #80]
	ldp	d8, d9, [sp, #96]
	ldp	d10, d11, [sp, #112]
	ldp	d12, d13, [sp, #128]
	ldp	d14, d15, [sp, #144]
	add	sp, sp, #160
	ret
	.size	vcpu_switch, .-vcpu_switch

	.globl	vcpu_fibre_start
	.type	vcpu_fibre_start, %function
vcpu_fibre_start:
	mov	x29, #0
	bl	vcpu_fibre_main
	brk	#1
	.size	vcpu_fibre_start, .-vcpu_fibre_start
#else
#error "no context switch for this architecture: add one to fibre_switch.S"
#endif
	.section .note.GNU-stack,"",%progbits
