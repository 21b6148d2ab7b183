# kernel: faults-4
continue
why
who idt
goto 12428
why
