// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What of VFIO is there: modules, nodes, devices that are handed over.  It
 * opens none of them.
 */
#include "view/view.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "model/topo.h"
#include "view/label.h"

enum { COL_WHAT, COL_MARK, COL_STATE, COL_PROOF };

static const struct column columns[] = {
	[COL_WHAT] = { .id = "what", .title = N_("What"), .least = 16,
		.flexible = true, .by_order = true },
	[COL_MARK] = { .id = "mark", .title = "", .least = 1 },
	[COL_STATE] = { .id = "state", .title = N_("State"), .least = 12,
		.flexible = true },
	[COL_PROOF] = { .id = "seen", .title = N_("Seen in"), .least = 10,
		.flexible = true, .priority = 1 },
};

static void add(struct rows *rows, const char *what, enum mark mark,
		const char *state, const char *proof)
{
	struct row *row = rows_note(
		rows, arena_printf(rows->arena, "note:%s", what), 0);

	row_set(row, COL_WHAT, ROLE_TEXT, what);
	row_set(row, COL_MARK, sign_role(mark), sign_of(mark));
	row_set(row, COL_STATE, mark == MARK_BAD ? ROLE_BAD : ROLE_TEXT,
		state);
	row_set(row, COL_PROOF, ROLE_DIM, proof);
}

static void add_driver(const struct system *system, struct rows *rows)
{
	const struct fact_text *file = &system->host.vfio_module;
	bool registered = system->vfio.pci_driver.known == KNOWN &&
			  system->vfio.pci_driver.value;

	if (registered)
		add(rows, _("vfio-pci driver"), MARK_GOOD, _("registered"),
		    "/sys/bus/pci/drivers/vfio-pci");
	else if (file->known == KNOWN)
		add(rows, _("vfio-pci driver"), MARK_NOTE,
		    _("installed, not loaded"), file->value);
	else if (file->known == ABSENT)
		add(rows, _("vfio-pci driver"), MARK_BAD, _("not installed"),
		    "modules.dep, modules.builtin");
	else
		add(rows, _("vfio-pci driver"), MARK_UNKNOWN, _("not known"),
		    known_why(file->known));
}

static void add_module(const struct system *system, struct rows *rows,
		       const char *module)
{
	enum known known = system_has_module(system, module);
	const char *what = arena_printf(rows->arena, _("module %s"), module);

	if (known == KNOWN)
		add(rows, what, MARK_GOOD, _("loaded"), "/proc/modules");
	else if (known == ABSENT)
		add(rows, what, MARK_NOTE, _("not loaded, or built in"),
		    "/proc/modules");
	else
		add(rows, what, MARK_UNKNOWN, _("not known"),
		    known_why(known));
}

static void add_switch(struct rows *rows, const char *what,
		       const struct fact_num *fact, const char *path)
{
	if (fact->known == KNOWN)
		add(rows, what, fact->value ? MARK_WARN : MARK_GOOD,
		    fact->value ? _("allowed") : _("not allowed"), path);
	else if (fact->known == ABSENT)
		add(rows, what, MARK_NOTE, _("its module is not loaded"),
		    path);
	else
		add(rows, what, MARK_UNKNOWN, _("not known"),
		    known_why(fact->known));
}

static void add_nodes(const struct system *system, struct rows *rows)
{
	const struct vfio *vfio = &system->vfio;
	struct buf names = {0};

	for (unsigned i = 0; i < vfio->node_count; i++)
		buf_printf(&names, "%s%s", i ? ", " : "", vfio->nodes[i]);
	if (vfio->nodes_known == KNOWN)
		add(rows, "/dev/vfio", MARK_GOOD,
		    arena_text(rows->arena, buf_str(&names)), "/dev/vfio");
	else if (vfio->nodes_known == ABSENT)
		add(rows, "/dev/vfio", MARK_NOTE,
		    _("not there until vfio is loaded"), "/dev");
	else
		add(rows, "/dev/vfio", MARK_UNKNOWN, _("not known"),
		    known_why(vfio->nodes_known));
	buf_free(&names);
	if (vfio->iommufd.known == KNOWN && vfio->iommufd.value)
		add(rows, "iommufd", MARK_GOOD, _("there"), "/dev/iommu");
	else if (known_is_settled(vfio->iommufd.known))
		add(rows, "iommufd", MARK_NOTE,
		    _("not there; the older container is used"), "/dev");
	else
		add(rows, "iommufd", MARK_UNKNOWN, _("not known"),
		    known_why(vfio->iommufd.known));
}

/* The process that has the group's node open: a virtual machine. */
static const struct holder *vm_of(const struct system *system, int device)
{
	for (unsigned i = 0; i < system->usage.holder_count; i++)
		if (system->usage.holders[i].device == device)
			return &system->usage.holders[i];
	return NULL;
}

static void add_device(const struct scene *scene, struct rows *rows,
		       int device)
{
	const struct device *self = &scene->system->devices[device];
	const struct holder *vm = vm_of(scene->system, device);
	struct subject subject = { SCOPE_DEVICE, device };
	bool bound = self->driver.known == KNOWN &&
		     topo_is_vfio_driver(self->driver.value);
	struct row *row = rows_add(rows, scene->system, subject, NULL, 0);

	row_set(row, COL_WHAT, ROLE_ADDRESS,
		label_device(scene, device, rows->arena));
	row_set(row, COL_MARK, bound ? ROLE_GOOD : ROLE_WARN,
		bound ? SIGN_VFIO : SIGN_WARN);
	row_set(row, COL_STATE, ROLE_TEXT,
		!bound ? arena_printf(rows->arena, _("meant for %s, not bound"),
				      self->driver_override.value) :
		vm ? arena_printf(rows->arena, _("%s, held by %s (%u)"),
				  self->driver.value, vm->command, vm->pid) :
		     arena_printf(rows->arena, _("%s, group %lld"),
				  self->driver.value,
				  (long long)self->group.value));
	row_set(row, COL_PROOF, ROLE_DIM,
		bound ? "driver" : "driver_override");
}

static void build(const struct scene *scene, struct rows *rows)
{
	static const char *const modules[] = {
		"vfio", "vfio_iommu_type1", "vfio_pci_core", "vfio_pci",
		"iommufd",
	};
	const struct system *system = scene->system;

	add_driver(system, rows);
	for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
		add_module(system, rows, modules[i]);
	add_nodes(system, rows);
	add_switch(rows, _("unsafe interrupts (type1)"),
		   &system->host.unsafe_type1,
		   "/sys/module/vfio_iommu_type1/parameters/"
		   "allow_unsafe_interrupts");
	add_switch(rows, _("unsafe interrupts (iommufd)"),
		   &system->host.unsafe_iommufd,
		   "/sys/module/iommufd/parameters/allow_unsafe_interrupts");
	add_switch(rows, _("VFIO without an IOMMU"),
		   &system->host.noiommu_mode,
		   "/sys/module/vfio/parameters/"
		   "enable_unsafe_noiommu_mode");
	for (unsigned i = 0; i < system->device_count; i++) {
		const struct device *device = &system->devices[i];
		bool bound = device->driver.known == KNOWN &&
			     topo_is_vfio_driver(device->driver.value);
		bool meant = device->driver_override.known == KNOWN &&
			     topo_is_vfio_driver(
				     device->driver_override.value);
		if (bound || meant)
			add_device(scene, rows, (int)i);
	}
}

const struct view view_vfio = {
	.id = "vfio", .title = N_("VFIO"), .digit = '6',
	VIEW_COLUMNS(columns), .build = build,
};
