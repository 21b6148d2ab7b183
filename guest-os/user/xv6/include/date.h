/* A calendar date, for programs that name its type. */
#ifndef XV6_DATE_H
#define XV6_DATE_H

struct rtcdate {
    uint second;
    uint minute;
    uint hour;
    uint day;
    uint month;
    uint year;
};

#endif
