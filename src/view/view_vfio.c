// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What of VFIO is there: its nodes and who has them, groups and why they have
 * no node, what the container can do, modules.  It opens none of them.
 */
#include "view/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "model/topo.h"
#include "model/vfio_abi.h"
#include "model/viable.h"
#include "view/label.h"
#include "view/label_grant.h"
#include "view/node.h"

enum { COL_WHAT, COL_MARK, COL_STATE, COL_PROOF };

static const struct column columns[] = {
	[COL_WHAT] = { .id = "what", .title = N_("What"), .least = 16,
		.flexible = true, .tree = true, .by_order = true },
	[COL_MARK] = { .id = "mark", .title = "", .least = 1 },
	[COL_STATE] = { .id = "state", .title = N_("State"), .least = 12,
		.flexible = true },
	[COL_PROOF] = { .id = "seen", .title = N_("Seen in"), .least = 10,
		.flexible = true, .priority = 1 },
};

static void fill(struct row *row, const char *what, enum mark mark,
		 const char *state, const char *proof)
{
	row_set(row, COL_WHAT, ROLE_TEXT, what);
	row_set(row, COL_MARK, sign_role(mark), sign_of(mark));
	row_set(row, COL_STATE, mark == MARK_BAD ? ROLE_BAD : ROLE_TEXT,
		state);
	row_set(row, COL_PROOF, ROLE_DIM, proof);
}

static void add_below(struct rows *rows, unsigned depth, const char *what,
		      enum mark mark, const char *state, const char *proof)
{
	fill(rows_note(rows, arena_printf(rows->arena, "note:%s", what),
		       depth), what, mark, state, proof);
}

static void add(struct rows *rows, const char *what, enum mark mark,
		const char *state, const char *proof)
{
	add_below(rows, 0, what, mark, state, proof);
}

/* --- what there is --- */

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

/* Who has a node, what it is good for, who may open it: the rarest first. */
static const char *node_state(const struct system *system, const char *node,
			      const char *words, struct arena *arena)
{
	const char *access = node_access(system, node, arena);
	const char *holders = node_holders(system, node, arena);

	if (access)
		words = arena_printf(arena, _("%s; for %s"), words, access);
	return *holders ? arena_printf(arena, _("held by %s; %s"), holders,
				       words) : words;
}

/* "TYPE1, TYPE1v2, UNMAP_ALL". */
static const char *extension_words(const struct vfio *vfio,
				   struct arena *arena)
{
	struct buf text = {0};

	for (unsigned i = 1; i < ABI_EXTENSIONS; i++)
		if (vfio->extensions >> i & 1)
			buf_printf(&text, "%s%s", text.len ? ", " : "",
				   label_extension(i));
	if (!text.len)
		buf_puts(&text, _("offers no kind of IOMMU yet"));
	const char *kept = arena_text(arena, buf_str(&text));
	buf_free(&text);
	return kept;
}

static bool has_node(const struct vfio *vfio, const char *name)
{
	for (unsigned i = 0; i < vfio->node_count; i++)
		if (strcmp(vfio->nodes[i], name) == 0)
			return true;
	return false;
}

static void add_container(const struct system *system, struct rows *rows)
{
	const struct vfio *vfio = &system->vfio;
	const char *node = "/dev/vfio/vfio";

	if (has_node(vfio, "vfio"))
		add(rows, _("container"), MARK_GOOD,
		    node_state(system, node,
			       vfio->extensions_known == KNOWN ?
				       extension_words(vfio, rows->arena) :
			       vfio->extensions_known == ABSENT ?
				       _("there, but vfio is not loaded") :
				       _("there"), rows->arena), node);
	else if (known_is_settled(vfio->nodes_known))
		add(rows, _("container"), MARK_NOTE,
		    _("not there until vfio is loaded"), node);
	else
		add(rows, _("container"), MARK_UNKNOWN, _("not known"),
		    known_why(vfio->nodes_known));
}

static void add_iommufd(const struct system *system, struct rows *rows)
{
	const struct fact_num *iommufd = &system->vfio.iommufd;

	if (iommufd->known == KNOWN && iommufd->value)
		add(rows, "iommufd", MARK_GOOD,
		    node_state(system, "/dev/iommu", _("there"), rows->arena),
		    "/dev/iommu");
	else if (known_is_settled(iommufd->known))
		add(rows, "iommufd", MARK_NOTE,
		    _("not there; the older container is used"), "/dev");
	else
		add(rows, "iommufd", MARK_UNKNOWN, _("not known"),
		    known_why(iommufd->known));
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

static void add_switches(const struct system *system, struct rows *rows)
{
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
}

/* VFIO locks all of a guest's memory, on behalf of who runs it. */
static void add_memlock(const struct system *system, struct rows *rows)
{
	const struct fact_num *limit = &system->host.memlock_bytes;
	const char *what = _("locked memory");

	if (limit->known != KNOWN)
		add(rows, what, MARK_UNKNOWN, _("not known"),
		    known_why(limit->known));
	else if (limit->value < 0)
		add(rows, what, MARK_GOOD, _("without limit"),
		    "/proc/self/limits");
	else
		add(rows, what, MARK_NOTE,
		    arena_printf(rows->arena,
				 _("%s for this user's processes; a guest "
				   "needs as much as its own memory, unless "
				   "root runs it"),
				 label_size((uint64_t)limit->value,
					    rows->arena)),
		    "/proc/self/limits");
}

/* --- groups --- */

static void add_device(const struct scene *scene, struct rows *rows,
		       int device)
{
	const struct system *system = scene->system;
	const struct device *self = &system->devices[device];
	const struct vfio_device *made = system_vfio_device(system, device,
							    NULL);
	struct subject subject = { SCOPE_DEVICE, device };
	bool bound = self->driver.known == KNOWN &&
		     topo_is_vfio_driver(self->driver.value);
	struct row *row = rows_add(rows, system, subject, NULL, 1);
	const char *node = made ? arena_printf(rows->arena,
					       "/dev/vfio/devices/%s",
					       made->name) : "";

	row_set(row, COL_WHAT, ROLE_ADDRESS,
		label_device(scene, device, rows->arena));
	row_set(row, COL_MARK, bound ? ROLE_GOOD : ROLE_WARN,
		bound ? SIGN_VFIO : SIGN_WARN);
	row_set(row, COL_STATE, ROLE_TEXT,
		!bound ? arena_printf(rows->arena, _("meant for %s, not bound"),
				      self->driver_override.value) :
		system_access(system, node) ?
			node_state(system, node, self->driver.value,
				   rows->arena) : self->driver.value);
	row_set(row, COL_PROOF, ROLE_DIM,
		!bound ? "driver_override" :
		system_access(system, node) ? node : "driver");
}

static bool is_on_vfio(const struct device *device)
{
	return device->driver.known == KNOWN &&
	       topo_is_vfio_driver(device->driver.value);
}

static bool is_meant(const struct device *device)
{
	return device->driver_override.known == KNOWN &&
	       topo_is_vfio_driver(device->driver_override.value);
}

static bool concerns(const struct system *system, const struct group *group)
{
	for (unsigned i = 0; i < group->member_count; i++) {
		int at = group->members[i].device;
		if (at != NONE && (is_on_vfio(&system->devices[at]) ||
				   is_meant(&system->devices[at])))
			return true;
	}
	return viable_group(system, group).on_vfio;
}

/* A group with a node, and one without. */
static void fill_group(const struct scene *scene, struct row *row,
		       const struct group *group, struct arena *arena)
{
	const char *node = node_of_group(scene->system, group, arena);
	enum mark mark = MARK_NOTE;
	struct text state = { "", ROLE_TEXT };

	if (!node) {
		state.text = node_why(scene, group, arena);
	} else {
		state = node_viable(scene->system, group, &mark, arena);
		if (strstr(node, "noiommu")) {
			mark = MARK_WARN;
			state.text = _("no IOMMU: nothing protects memory");
		}
		state.text = node_state(scene->system, node, state.text,
					arena);
	}
	row_set(row, COL_WHAT, ROLE_TEXT,
		arena_printf(arena, _("group %u"), group->number));
	row_set(row, COL_MARK, sign_role(mark), sign_of(mark));
	row_set(row, COL_STATE, state.role, state.text);
	row_set(row, COL_PROOF, ROLE_DIM, node ? node : "/dev/vfio");
}

static void add_group(const struct scene *scene, struct rows *rows, int index)
{
	const struct system *system = scene->system;
	const struct group *group = &system->groups[index];
	struct subject subject = { SCOPE_GROUP, index };

	fill_group(scene, rows_add(rows, system, subject, NULL, 0), group,
		   rows->arena);
	for (unsigned i = 0; i < group->member_count; i++) {
		int at = group->members[i].device;
		if (at != NONE && (is_on_vfio(&system->devices[at]) ||
				   is_meant(&system->devices[at])))
			add_device(scene, rows, at);
	}
}

/* Devices meant for VFIO that are in no group. */
static void add_loose(const struct scene *scene, struct rows *rows)
{
	for (unsigned i = 0; i < scene->system->device_count; i++) {
		const struct device *device = &scene->system->devices[i];
		if (device->group_index == NONE &&
		    (is_on_vfio(device) || is_meant(device)))
			add_device(scene, rows, (int)i);
	}
}

/* --- modules, extensions --- */

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
	for (unsigned i = 0; i < system->vfio.parameter_count; i++) {
		const struct module_parameter *each =
			&system->vfio.parameters[i];
		if (strcmp(each->module, module) != 0)
			continue;
		fill(rows_note(rows, arena_printf(rows->arena, "note:%s.%s",
						  module, each->name), 1),
		     each->name, MARK_NONE, label_fact(&each->value).text,
		     arena_printf(rows->arena, "/sys/module/%s/parameters/%s",
				  module, each->name));
	}
}

static void add_extensions(const struct system *system, struct rows *rows)
{
	const struct vfio *vfio = &system->vfio;

	if (vfio->extensions_known != KNOWN) {
		add(rows, _("extensions"),
		    vfio->extensions_known == ABSENT ? MARK_NOTE :
						       MARK_UNKNOWN,
		    vfio->extensions_known == ABSENT ?
			    _("not asked: vfio is not loaded, and asking "
			      "would load it") : _("not known"),
		    vfio->extensions_known == ABSENT ?
			    "/sys/class/misc/vfio" :
			    known_why(vfio->extensions_known));
		return;
	}
	add(rows, _("extensions"), MARK_NONE,
	    arena_printf(rows->arena, _("interface version %d"),
			 vfio->version), "/dev/vfio/vfio");
	for (unsigned i = 1; i < ABI_EXTENSIONS; i++) {
		bool has = vfio->extensions >> i & 1;
		add_below(rows, 1, label_extension(i),
			  has ? MARK_GOOD : MARK_NONE,
			  has ? _("yes") : _("no"), label_extension_use(i));
	}
}

static void build(const struct scene *scene, struct rows *rows)
{
	static const char *const modules[] = {
		"vfio", "vfio_iommu_type1", "vfio_pci_core", "vfio_pci",
		"iommufd",
	};
	const struct system *system = scene->system;

	add_driver(system, rows);
	add_container(system, rows);
	add_iommufd(system, rows);
	add_switches(system, rows);
	add_memlock(system, rows);
	for (unsigned i = 0; i < system->group_count; i++)
		if (concerns(system, &system->groups[i]))
			add_group(scene, rows, (int)i);
	add_loose(scene, rows);
	for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
		add_module(system, rows, modules[i]);
	add_extensions(system, rows);
	for (unsigned i = 0; i < system->group_count; i++)
		if (!concerns(system, &system->groups[i]))
			add_group(scene, rows, (int)i);
}

const struct view view_vfio = {
	.id = "vfio", .title = N_("VFIO"), .digit = '6',
	VIEW_COLUMNS(columns), .build = build,
};
