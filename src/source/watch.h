// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_WATCH_H
#define SOURCE_WATCH_H

#include "source/uevents.h"

/*
 * News of this machine: the kernel's events of devices, drivers, displays and
 * what uses them, through libudev.  It changes nothing and needs no daemon.
 */
struct watch;

/* Begin; NULL where the kernel's events cannot be had (a container). */
struct watch *watch_open(void);
void watch_close(struct watch *watch);

/* Return the descriptor to poll for reading. */
int watch_fd(const struct watch *watch);

/* Add what has arrived and concerns what is shown to @uevents; true when any
 * of it does. */
bool watch_take(struct watch *watch, struct uevents *uevents);

#endif
