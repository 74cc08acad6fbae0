// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_KERNEL_H
#define ACT_KERNEL_H

#include "model/system.h"
#include "plan/plan.h"
#include "plan/self.h"

/*
 * A model of the kernel's driver core and of vfio: a machine that can be
 * written to and answers as the real one would.  It knows what this
 * program's steps touch, and no more.
 */
struct kernel;

/* What a write answers besides 0 and an errno. */
enum { KERNEL_BLOCKS = -1 };

/* Start from @system, which must outlive the model; all memory is taken from
 * @arena. */
struct kernel *kernel_make(const struct system *system, struct arena *arena);

/* Write @value to @path.  0, the errno of the write, or KERNEL_BLOCKS where
 * the writer would wait in the kernel. */
int kernel_write(struct kernel *kernel, const char *path, const char *value);

/* Do a STEP_FILE.  0 or an errno. */
int kernel_file(struct kernel *kernel, const struct step *step);

/* Run modprobe or systemctl; @words begin with the program's name and end
 * with NULL.  Returns its exit status. */
int kernel_run(struct kernel *kernel, const char *const *words);

/* Whether @expect holds; @seen (at least 64 bytes) gets what is there. */
bool kernel_look(const struct kernel *kernel, const struct expect *expect,
		 char *seen, size_t size);

/* What the device at @address is now; false when it is not there. */
bool kernel_self(const struct kernel *kernel, const char *address, bool alone,
		 struct self *self);

/* Put @driver ("" for none) on a device, as another hand would. */
void kernel_put_driver(struct kernel *kernel, int device, const char *driver);

/* Take a device away, as a hot unplug does. */
void kernel_unplug(struct kernel *kernel, int device);

/* The machine as it stands now, in @arena; texts stay where they are. */
const struct system *kernel_result(const struct kernel *kernel,
				   struct arena *arena);

#endif
