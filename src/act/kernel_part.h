// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_KERNEL_PART_H
#define ACT_KERNEL_PART_H

#include "act/kernel.h"

/* What the two halves of the model share; private to kernel*.c. */

/* What the model keeps of a device besides what a system holds. */
struct part {
	bool gone;
	const char *driver;	/* "" for none */
	const char *override;	/* "" for none */
	const char *first;	/* driver at the start, "" for none */
	bool was_unbound;	/* what its first driver made is gone */
	bool unsure;		/* some driver may have taken it: nobody told
				 * which could */
};

/* A loaded module; NULL for one that went. */
struct part_module {
	const char *name;
	struct fact_num users;	/* as in a system */
};

/* A file as far as it is known: its lines, or the one that is. */
struct part_file {
	const char *path;
	const char *text;	/* NULL: it is not there */
};

struct kernel {
	const struct system *original;	/* as it was */
	const struct system *system;	/* the same, or .own */
	struct system *own;		/* where devices came or went, or their
					 * attributes changed; NULL */
	struct arena *arena;
	struct part *parts;		/* one per device */
	struct driver *drivers;		/* registered; unsorted behind the
					 * first ones */
	unsigned driver_count;
	size_t driver_room;
	const char **services;		/* that run; NULL for stopped ones */
	unsigned service_count;
	size_t service_room;
	struct vtconsole *consoles;	/* as system->vtconsoles */
	struct part_module *modules;	/* loaded */
	unsigned module_count;
	size_t module_room;
	struct part_file *files;	/* of configuration */
	unsigned file_count;
	size_t file_room;
	bool released;			/* a service was stopped: those who held
					 * nodes for it are gone */
};

/* Whether a driver of that name could bind now. */
bool part_is_registered(const struct kernel *kernel, const char *name);

/* Return the device that a full address names, or NONE. */
int part_device(const struct kernel *kernel, const char *address);

/* Whether some member of group @number is on a vfio driver. */
bool part_has_node(const struct kernel *kernel, unsigned number);

/* Put another machine under the model; parts stay with their addresses. */
void part_stand(struct kernel *kernel, struct system *system);

/* Return the machine under the model as one that may be changed. */
struct system *part_own(struct kernel *kernel);

/* Let the first driver that matches take a device. */
void part_attach(struct kernel *kernel, int device);

/* Whether a guest holds a device by its own node or its group's. */
bool part_is_held(const struct kernel *kernel, int device);

/* Copy the next component of *@path to @out and step behind its slash;
 * false when it does not fit. */
bool part_take(const char **path, char *out, size_t size);

/* What is no PCI device: services, virtual consoles (kernel_host.c). */
void host_make(struct kernel *kernel);
int host_write(struct kernel *kernel, const char *path, const char *value);
int host_systemctl(struct kernel *kernel, const char *const *words);

/* Attributes of a device that are not about its driver, by their names, and
 * the parts that are made by them (kernel_parts.c). */
int parts_write(struct kernel *kernel, int device, const char *name,
		const char *value);
bool parts_read(const struct kernel *kernel, int device, const char *name,
		const char **value);

/* Mediated devices (kernel_mdev.c). */
bool mdev_is_path(const char *path);
int mdev_write(struct kernel *kernel, const char *path, const char *value);
bool mdev_look(const struct kernel *kernel, const struct expect *expect,
	       char *seen, size_t size);

/* Loaded modules (kernel_module.c).  One that has no driver on the PCI bus is
 * loaded by module_load alone, which is false for any other. */
void module_make(struct kernel *kernel);
void module_add(struct kernel *kernel, const char *name);
bool module_load(struct kernel *kernel, const char *name);
int module_unload(struct kernel *kernel, const char *name);
bool module_look(const struct kernel *kernel, const struct expect *expect,
		 char *seen, size_t size);
void module_result(const struct kernel *kernel, struct system *result,
		   struct arena *arena);

/* Register the driver of a module, as loading it does. */
void part_register(struct kernel *kernel, const char *module, size_t len);

/* Files of configuration (kernel_file.c). */
void file_make(struct kernel *kernel);
int file_do(struct kernel *kernel, const struct step *step);
bool file_look(const struct kernel *kernel, const struct expect *expect);
void file_result(const struct kernel *kernel, struct system *result,
		 struct arena *arena);

bool host_look(const struct kernel *kernel, const struct expect *expect,
	       char *seen, size_t size);
void host_result(const struct kernel *kernel, struct system *result,
		 struct arena *arena);

/* Whether a holder of a node is still there. */
bool part_holds(const struct kernel *kernel, const struct holder *holder);

#define PART_CONSOLES "/sys/class/vtconsole/"
#define PART_MDEVS "/sys/bus/mdev/devices/"
#define PART_DEVICES "/sys/bus/pci/devices/"
#define PART_MODULES "/sys/module/"
#define PART_DRIVERS "/sys/bus/pci/drivers/"

#endif
