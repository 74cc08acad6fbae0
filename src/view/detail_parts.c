// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Of one device: how it is reset and sleeps, and its parts: virtual
 * functions, mediated devices, what UIO shows of it.
 *
 * Source: Documentation/ABI/testing/sysfs-bus-pci; drivers/pci/pci.c.
 */
#include "view/detail.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "model/parts.h"
#include "model/topo.h"
#include "view/label.h"
#include "view/ref.h"

enum { LABEL = 11, SHOWN_MOST = 8 };

/* --- reset --- */

static const struct {
	const char *method;
	const char *says;		/* N_() */
} methods[] = {
	{ "flr", N_("flr: this one alone") },
	{ "af_flr", N_("af_flr: this one alone") },
	{ "device_specific", N_("device_specific: in a way of its own") },
	{ "acpi", N_("acpi: by the firmware") },
	{ "pm", N_("pm: by sleep and waking, which not all cards mind") },
	{ "bus", N_("bus: its whole bus, on which it is alone") },
	{ "cxl_bus", N_("cxl_bus: its whole bus") },
};

static const char *method_text(const char *method)
{
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (strcmp(methods[i].method, method) == 0)
			return _(methods[i].says);
	return method;
}

/* The others that a reset of the bus would take along: "01:00.1, 01:00.2". */
static const char *neighbours(const struct system *system, int device,
			      struct arena *arena)
{
	const struct device *self = &system->devices[device];
	struct buf text = {0};
	unsigned count = 0;

	for (int at = self->parent == NONE ? NONE :
		      system->devices[self->parent].first_child;
	     at != NONE; at = system->devices[at].next_sibling)
		if (at != device && count++ < SHOWN_MOST)
			buf_printf(&text, "%s%s", text.len ? ", " : "",
				   label_address(&system->devices[at],
						 arena));
	const char *list = arena_printf(
		arena, "%s%s", buf_str(&text), count > SHOWN_MOST ? " …" : "");
	buf_free(&text);
	return list;
}

/* What vfio can do for a device that has no reset of its own. */
static const char *hot_reset(const struct system *system, int device,
			     struct arena *arena)
{
	const struct device *self = &system->devices[device];
	const char *others = neighbours(system, device, arena);

	if (self->parent == NONE)
		return _("none: it is on a root bus, which nobody resets");
	if (!parts_can_reset_bus(system, device))
		return _("none: it does not survive a reset of its bus");
	return *others ? arena_printf(arena, _("none of its own; vfio resets "
					       "its bus, with %s"), others) :
			 _("none of its own; vfio resets its bus");
}

static struct text reset_text(const struct system *system, int device,
			      struct arena *arena)
{
	const struct device *self = &system->devices[device];
	const char *method;
	enum known known = parts_reset(system, device, arena, &method);

	if (known == ABSENT)
		return (struct text){ hot_reset(system, device, arena),
				      ROLE_WARN };
	if (known != KNOWN && self->reset_method.known != KNOWN)
		return (struct text){
			arena_printf(arena, "? %s", known_why(known)),
			ROLE_UNKNOWN };
	if (known != KNOWN)
		return (struct text){
			arena_printf(arena, _("%s, unless others on its bus "
					      "forbid it"), method),
			ROLE_UNKNOWN };
	const char *rest = strstr(self->reset_method.value, method);
	rest = rest ? rest + strlen(method) : "";
	return (struct text){
		!*method ? _("it has one (how, this kernel does not tell)") :
		*rest ? arena_printf(arena, _("%s; else%s"),
				     method_text(method), rest) :
			method_text(method), ROLE_TEXT };
}

/* --- power --- */

/* What becomes of it when nobody uses it. */
static const char *idle_text(const struct device *device)
{
	const struct fact_num *cold = &device->d3cold_allowed;

	if (device->runtime_control.known != KNOWN)
		return "";
	if (strcmp(device->runtime_control.value, "on") == 0)
		return _("; kept awake");
	if (cold->known != KNOWN)
		return _("; sleeps when idle");
	return cold->value ? _("; sleeps when idle, even without power "
			       "(D3cold)") :
			     _("; sleeps when idle, but never without power");
}

static struct text power_text(const struct device *device,
			      struct arena *arena)
{
	const struct fact_text *state = &device->power_state;
	const struct fact_text *status = &device->runtime_status;

	if (state->known != KNOWN && status->known != KNOWN)
		return label_fact(state);
	return (struct text){
		arena_printf(arena, "%s%s%s%s", state->value,
			     state->known == KNOWN && status->known == KNOWN ?
				     ", " : "", status->value,
			     idle_text(device)), ROLE_TEXT };
}

/* --- parts --- */

static void refer(const struct scene *scene, int device, struct page *page)
{
	struct subject subject = { SCOPE_DEVICE, device };
	char ref[REF_TEXT];

	page->ref = device == NONE ? NULL :
		arena_text(page->arena, ref_print(scene->system, subject, NULL,
						  ref));
}

static void add_vfs(const struct scene *scene, int device, struct page *page)
{
	const struct system *system = scene->system;
	const struct device *self = &system->devices[device];
	unsigned count = 0;

	if (self->sriov_total.known != KNOWN)
		return;
	page->ref = "view:vfs";
	page_pair(page, _("SR-IOV"), LABEL, ROLE_TEXT,
		  arena_printf(page->arena,
			       _("%lld of %lld virtual functions"),
			       (long long)self->sriov_num.value,
			       (long long)self->sriov_total.value));
	for (int vf = NONE; (vf = parts_next_vf(system, device, vf)) != NONE &&
			    count < SHOWN_MOST; count++) {
		refer(scene, vf, page);
		page_pair(page, "", LABEL, ROLE_TEXT, arena_printf(
			page->arena, "%s %s",
			label_address(&system->devices[vf], page->arena),
			label_driver(&system->devices[vf]).text));
	}
	refer(scene, NONE, page);
}

static void add_physical(const struct scene *scene, int device,
			 struct page *page)
{
	const struct system *system = scene->system;
	int physical = system->devices[device].physfn;

	if (physical == NONE)
		return;
	int number = parts_vf_number(&system->devices[physical],
				     system->devices[device].address);
	const char *whose = label_address(&system->devices[physical],
					  page->arena);
	refer(scene, physical, page);
	page_pair(page, _("SR-IOV"), LABEL, ROLE_TEXT, number == NONE ?
		  arena_printf(page->arena, _("a virtual function of %s"),
			       whose) :
		  arena_printf(page->arena, _("virtual function %d of %s"),
			       number, whose));
	refer(scene, NONE, page);
}

static void add_mdevs(const struct scene *scene, int device,
		      struct page *page)
{
	const struct mdevs *mdevs = &scene->system->mdevs;
	unsigned types = 0, items = 0;

	for (unsigned i = 0; i < mdevs->type_count; i++)
		types += mdevs->parents[mdevs->types[i].parent].device ==
			 device;
	for (unsigned i = 0; i < mdevs->item_count; i++)
		items += mdevs->items[i].parent != NONE &&
			 mdevs->parents[mdevs->items[i].parent].device ==
				 device;
	if (!types && !items)
		return;
	page->ref = "view:mdev";
	page_pair(page, _("mediated"), LABEL, ROLE_TEXT, arena_printf(
		page->arena, P_("%u device made, %u types",
				"%u devices made, %u types", items), items,
		types));
	page->ref = NULL;
}

static void add_uio(const struct scene *scene, int device, struct page *page)
{
	const struct uio *uio = parts_uio(scene->system, device);

	if (!uio)
		return;
	page->ref = "view:uio";
	page_pair(page, "UIO", LABEL, ROLE_WARN, arena_printf(
		page->arena, _("/dev/%s, %s interrupts"), uio->node,
		label_number(&uio->event, page->arena).text));
	page->ref = NULL;
	for (unsigned i = 0; i < uio->map_count; i++)
		page_pair(page, "", LABEL, ROLE_TEXT, arena_printf(
			page->arena, "map%u: 0x%" PRIx64 ", 0x%" PRIx64, i,
			(uint64_t)uio->maps[i].address.value,
			(uint64_t)uio->maps[i].size.value));
}

void detail_reset(const struct scene *scene, int device, struct page *page)
{
	const struct device *self = &scene->system->devices[device];
	struct text power = power_text(self, page->arena);

	if (!topo_is_bridge(self)) {
		struct text reset = reset_text(scene->system, device,
					       page->arena);
		page_pair(page, _("reset"), LABEL, reset.role, reset.text);
	}
	page_pair(page, _("power"), LABEL, power.role, power.text);
}

void detail_parts(const struct scene *scene, int device, struct page *page)
{
	add_vfs(scene, device, page);
	add_physical(scene, device, page);
	add_mdevs(scene, device, page);
	add_uio(scene, device, page);
}
