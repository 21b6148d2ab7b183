/* Limits, with the values that programs of xv6's world were written against. */
#ifndef XV6_PARAM_H
#define XV6_PARAM_H

#define NPROC       64
#define KSTACKSIZE  4096
#define NCPU        8
#define NOFILE      16
#define NFILE       100
#define NINODE      50
#define NDEV        10
#define ROOTDEV     1
#define MAXARG      32
#define MAXOPBLOCKS 10
#define LOGSIZE     (MAXOPBLOCKS * 3)
#define NBUF        (MAXOPBLOCKS * 3)
#define FSSIZE      1000

#endif
