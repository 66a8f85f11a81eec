#include "textflag.h"
#include "go_asm.h"

// SI  in the text, where the step begins
// DX  where the text begins, DI where it ends
// BX  the step, R9 how many were taken, CX how many there are
// R8  in texts
// R10 behind the edge, and in the string
// R13 where the string begins, R12 where it would end if it were as long as last time
// X1  quotes, X2 backslashes, X3 the last of the control characters

// func stride(text []byte, steps []step, texts []byte) (pos, taken int)
TEXT ·stride(SB), NOSPLIT, $0-88
	MOVQ       text_base+0(FP), SI
	MOVQ       text_len+8(FP), DI
	MOVQ       steps_base+24(FP), BX
	MOVQ       steps_len+32(FP), CX
	MOVQ       texts_base+48(FP), R8
	MOVQ       SI, DX
	ADDQ       SI, DI
	XORQ       R9, R9
	MOVQ       $0x2222222222222222, AX
	MOVQ       AX, X1
	PUNPCKLQDQ X1, X1
	MOVQ       $0x5c5c5c5c5c5c5c5c, AX
	MOVQ       AX, X2
	PUNPCKLQDQ X2, X2
	MOVQ       $0x1f1f1f1f1f1f1f1f, AX
	MOVQ       AX, X3
	PUNPCKLQDQ X3, X3

next:
	CMPQ R9, CX
	JGE  done
	MOVL step_size(BX), R12
	LEAQ (SI)(R12*1), R10
	LEAQ 16(R10), R11
	CMPQ R11, DI
	JHI  done
	MOVQ SI, R13
	SHRL $4, R12
	JZ   last

whole:
	MOVOU    (R13), X0
	MOVOU    (R8), X4
	PCMPEQB  X4, X0
	PMOVMSKB X0, AX
	CMPL     AX, $0xffff
	JNE      done
	ADDQ     $16, R13
	ADDQ     $16, R8
	DECL     R12
	JNZ      whole

last:
	MOVOU    (R13), X0
	MOVOU    (R8), X4
	PCMPEQB  X4, X0
	PMOVMSKB X0, AX
	ORL      step_fill(BX), AX
	CMPL     AX, $0xffff
	JNE      done
	ADDQ     $16, R8
	MOVBLZX  step_value(BX), AX
	CMPL     AX, $const_number
	JEQ      done
	CMPL     AX, $const_anyString
	JEQ      begin
	CMPL     AX, $const_fromValue
	JEQ      begin
	MOVQ     R10, SI
	INCQ     R9
	JMP      done

begin:
	MOVQ     R10, R13
	MOVL     step_length(BX), R12
	ADDQ     R10, R12

string:
	MOVOU    (R10), X0
	MOVOU    X0, X4
	MOVOU    X0, X5
	MOVOU    X0, X6
	PCMPEQB  X1, X4
	PCMPEQB  X2, X5
	PMINUB   X3, X6
	PCMPEQB  X0, X6
	POR      X5, X4
	POR      X6, X4
	PMOVMSKB X4, AX
	TESTL    AX, AX
	JNZ      special
	ADDQ     $16, R10
	LEAQ     16(R10), R11
	CMPQ     R11, DI
	JLS      string
	JMP      done

special:
	// Where it ends as last time, what follows need not wait for that to be found out.
	BSFL AX, AX
	ADDQ AX, R10
	CMPQ R10, R12
	JNE  other

quote:
	CMPB (R12), $0x22
	JNE  done
	MOVQ R12, SI
	INCQ R9
	ADDQ $step__size, BX
	JMP  next

other:
	MOVQ R10, R12
	SUBQ R13, R10
	MOVL R10, step_length(BX)
	JMP  quote

done:
	SUBQ DX, SI
	MOVQ SI, pos+72(FP)
	MOVQ R9, taken+80(FP)
	RET
