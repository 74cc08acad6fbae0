// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef PLAN_EXPORT_PART_H
#define PLAN_EXPORT_PART_H

#include "plan/export.h"
#include "plan/plan.h"

/* An export in the making; private to plan/export*. */

/* Where a slot of the guest is. */
enum guest_place {
	PLACE_ROOT,		/* on the root bus: a conventional device */
	PLACE_PORT,		/* behind a root port of its own, so that it can
				 * be plugged in at run time */
	PLACE_IGD,		/* on the root bus at 02.0, where drivers of
				 * Intel's processor graphics look for it */
};

/* A function that the guest gets, and where. */
struct guest_function {
	int device;		/* into devices */
	unsigned slot;		/* of the guest's new ones, from 0 */
	uint8_t function;	/* there */
	bool first;		/* of its slot: function 0 */
	bool several;		/* its slot has more than one */
	enum guest_place place;	/* of its slot */
};

struct exporting {
	const struct export_wish *wish;
	const struct system *system;
	struct arena *arena;
	struct buf *out;
	const struct plan *plan;	/* that gives them to vfio; NULL: none */
	const int *devices;		/* all endpoints, by address */
	unsigned count;
	struct guest_function *functions;	/* as devices */
	unsigned slot_count;
};

/* Lay the functions out in slots of the guest (export_guest.c). */
void guest_lay_out(struct exporting *exporting);
bool guest_is_igd(const struct exporting *exporting, int device);

/* Whether this host hands devices over by iommufd rather than by groups. */
bool guest_wants_iommufd(const struct system *system);

/* What to know about all of it, one sentence each, given to @say. */
typedef void guest_say(struct exporting *exporting, const char *text);
void guest_notes(struct exporting *exporting, guest_say *say);

/* "01:00.0 NVIDIA Corporation AD102 [GeForce RTX 4090]" */
const char *export_name(const struct exporting *exporting, int device);

/* "# text", on as many lines as it takes. */
void export_comment(struct exporting *exporting, const char *text);

/* Take the next line of a comment from *@text and step past it; false at the
 * end.  In the arena. */
bool export_line(struct exporting *exporting, const char **text,
		 const char **line);

/* One for each kind. */
void export_qemu(struct exporting *exporting);
void export_libvirt(struct exporting *exporting);
void export_modprobe(struct exporting *exporting);
void export_driverctl(struct exporting *exporting);
void export_cmdline(struct exporting *exporting);
void export_dot(struct exporting *exporting);

#endif
