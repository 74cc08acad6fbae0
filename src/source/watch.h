// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_WATCH_H
#define SOURCE_WATCH_H

#include <stdbool.h>

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

/* Take what has arrived; true when any of it concerns what is shown. */
bool watch_take(struct watch *watch);

#endif
