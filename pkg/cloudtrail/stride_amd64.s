#include "textflag.h"
#include "go_asm.h"

// SI  in the text, where the step begins
// DX  where the text begins, DI where its last 64 bytes do
// BX  the step, R9 how many are left
// R8  in texts, R13 beside it in the text
// R10 behind the edge, and in the string
// R13 where the string begins, R12 where it ends if it is as long as last time
// Y1  what changes quotes with blanks, Y2 backslashes, Y3 blanks

// func stride(text []byte, steps []step, texts []byte) (pos, taken int)
TEXT ·stride(SB), NOSPLIT, $0-88
	MOVQ         text_base+0(FP), SI
	MOVQ         text_len+8(FP), DI
	MOVQ         steps_base+24(FP), BX
	MOVQ         steps_len+32(FP), R9
	MOVQ         texts_base+48(FP), R8
	MOVQ         SI, DX
	LEAQ         -64(SI)(DI*1), DI
	MOVQ         $0x02, AX
	MOVQ         AX, X1
	VPBROADCASTB X1, Y1
	MOVQ         $0x5c, AX
	MOVQ         AX, X2
	VPBROADCASTB X2, Y2
	MOVQ         $0x20, AX
	MOVQ         AX, X3
	VPBROADCASTB X3, Y3

next:
	TESTQ R9, R9
	JZ    done
	MOVL  step_size(BX), R12
	LEAQ  (SI)(R12*1), R10
	CMPQ  R10, DI
	JHI   done
	MOVQ  SI, R13
	SHRL  $6, R12
	JZ    last

whole:
	VMOVDQU   (R13), Y0
	VMOVDQU   32(R13), Y4
	VPCMPEQB  (R8), Y0, Y0
	VPCMPEQB  32(R8), Y4, Y4
	VPAND     Y0, Y4, Y0
	VPMOVMSKB Y0, AX
	CMPL      AX, $-1
	JNE       done
	ADDQ      $64, R13
	ADDQ      $64, R8
	DECL      R12
	JNZ       whole

last:
	VMOVDQU   (R13), Y0
	VMOVDQU   32(R13), Y4
	VPCMPEQB  (R8), Y0, Y0
	VPCMPEQB  32(R8), Y4, Y4
	VPMOVMSKB Y0, AX
	VPMOVMSKB Y4, R11
	SHLQ      $32, R11
	ORQ       R11, AX
	ORQ       step_fill(BX), AX
	CMPQ      AX, $-1
	JNE       done
	ADDQ      $64, R8
	MOVBLZX   step_value(BX), AX
	CMPL      AX, $const_nothing
	JEQ       end
	CMPL      AX, $const_number
	JEQ       done
	MOVQ      R10, R13
	MOVL      step_length(BX), R12
	ADDQ      R10, R12

string:
	VMOVDQU   (R10), Y0
	VMOVDQU   32(R10), Y4
	VPCMPEQB  Y2, Y0, Y5
	VPCMPEQB  Y2, Y4, Y6
	VPXOR     Y1, Y0, Y0
	VPXOR     Y1, Y4, Y4
	VPMINUB   Y3, Y0, Y7
	VPMINUB   Y3, Y4, Y8
	VPCMPEQB  Y7, Y0, Y7
	VPCMPEQB  Y8, Y4, Y8
	VPOR      Y5, Y7, Y5
	VPOR      Y6, Y8, Y6
	VPMOVMSKB Y5, AX
	VPMOVMSKB Y6, R11
	SHLQ      $32, R11
	ORQ       R11, AX
	JNZ       special
	ADDQ      $64, R10
	CMPQ      R10, DI
	JLS       string
	JMP       done

special:
	// What follows a string that is as long as last time need not wait for this.
	BSFQ AX, AX
	ADDQ AX, R10
	CMPQ R10, R12
	JNE  other

quote:
	CMPB (R12), $0x22
	JNE  done
	MOVQ R12, SI
	DECQ R9
	ADDQ $step__size, BX
	JMP  next

other:
	MOVQ R10, R12
	SUBQ R13, R10
	MOVL R10, step_length(BX)
	JMP  quote

end:
	// Nothing follows but the next record: this was the last step.
	MOVQ R10, SI
	DECQ R9

done:
	VZEROUPPER
	SUBQ DX, SI
	MOVQ SI, pos+72(FP)
	MOVQ steps_len+32(FP), AX
	SUBQ R9, AX
	MOVQ AX, taken+80(FP)
	RET

// func hasAVX2() bool
TEXT ·hasAVX2(SB), NOSPLIT, $0-1
	MOVB  $0, ret+0(FP)
	XORL  AX, AX
	CPUID
	CMPL  AX, $7
	JLT   without
	MOVL  $1, AX
	XORL  CX, CX
	CPUID
	ANDL  $(1<<27 | 1<<28), CX // XGETBV can be asked, and there is AVX
	CMPL  CX, $(1<<27 | 1<<28)
	JNE   without
	XORL  CX, CX
	XGETBV
	ANDL  $6, AX // the system saves the registers
	CMPL  AX, $6
	JNE   without
	MOVL  $7, AX
	XORL  CX, CX
	CPUID
	SHRL  $5, BX
	ANDL  $1, BX
	MOVB  BX, ret+0(FP)

without:
	RET
