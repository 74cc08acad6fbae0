// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Differences in words.  What differs is found out by model/diff.
 */
#include "view/contrast.h"

#include <string.h>

#include "base/i18n.h"
#include "view/label.h"
#include "view/ref.h"

/* What a fact is called; one that is not here is called by its own name. */
static const struct {
	const char *fact, *text;
} facts[] = {
	{ "group", N_("IOMMU group") },
	{ "driver", N_("driver") },
	{ "driver_override", N_("driver override") },
	{ "iommu", N_("IOMMU unit") },
	{ "boot_vga", N_("boot display") },
	{ "reset_method", N_("reset methods") },
	{ "sriov_totalvfs", N_("virtual functions at most") },
	{ "sriov_numvfs", N_("virtual functions") },
	{ "link_width", N_("link width") },
	{ "link_speed_max", N_("link speed at most") },
	{ "link_width_max", N_("link width at most") },
	{ "numa_node", N_("NUMA node") },
	{ "config_bytes", N_("bytes of config space") },
	{ "rebar", N_("resizable BARs") },
	{ "mdev", N_("makes mediated devices") },
	{ "modules", N_("modules for it") },
	{ "variant", N_("vfio variant for it") },
	{ "bars", N_("sizes of BARs") },
	{ "isolates", N_("isolates (ACS)") },
	{ "group_type", N_("domain type of its group") },
	{ "reserved_region", N_("reserved region") },
	{ "connector", N_("connector") },
	{ "monitor", N_("monitor") },
	{ "mounted", N_("mounted") },
	{ "interface", N_("interface") },
	{ "disk", N_("disk") },
	{ "usb_device", N_("USB device") },
	{ "kernel", N_("kernel") },
	{ "distribution", N_("distribution") },
	{ "board_vendor", N_("board's vendor") },
	{ "board", N_("board") },
	{ "processor", N_("processor") },
	{ "processor_flags", N_("processor's virtualization") },
	{ "secure_boot", N_("Secure Boot") },
	{ "vfio_module", N_("vfio-pci installed as") },
	{ "iommufd", N_("/dev/iommu") },
	{ "grub", N_("line of GRUB") },
	{ "kernel_cmdline_file", N_("/etc/kernel/cmdline") },
	{ "interrupt_remapping", N_("interrupt remapping") },
	{ "parameter", N_("kernel parameter") },
	{ "iommu_unit", N_("IOMMU unit") },
	{ "table", N_("ACPI table") },
	{ "dmar", N_("DMAR") },
	{ "ivrs", N_("IVRS") },
	{ "symbol", "" },
	{ "vfio_node", "" },
	{ "module", N_("module") },
	{ "modprobe", N_("modprobe.d") },
	{ "modules_load", N_("modules-load.d") },
	{ "driverctl", N_("driverctl") },
	{ "finding", "" },
};

static const char *fact_text(const char *fact)
{
	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
		if (strcmp(facts[i].fact, fact) == 0)
			return *facts[i].text ? _(facts[i].text) : "";
	return fact;
}

static const char *device_text(enum difference_kind kind)
{
	static const char *const texts[] = {
		[DIFFERENCE_APPEARED] = N_("appeared"),
		[DIFFERENCE_GONE] = N_("is gone"),
		[DIFFERENCE_MOVED] = N_("same card, new address"),
		[DIFFERENCE_EXCHANGED] = N_("another card"),
		[DIFFERENCE_CHANGED] = "",
	};

	return *texts[kind] ? _(texts[kind]) : "";
}

static const char *what_of(const struct difference *difference,
			   struct arena *arena)
{
	const char *fact = fact_text(difference->fact);

	if (strcmp(difference->fact, "device") == 0)
		return device_text(difference->kind);
	if (difference->scope == SCOPE_GROUP &&
	    difference->kind == DIFFERENCE_MOVED)
		return _("same devices, new number");
	if (!*difference->name)
		return fact;
	return *fact ? arena_printf(arena, "%s %s", fact, difference->name) :
		       difference->name;
}

static bool is_unnamed(const struct scene *after,
		       const struct difference *difference)
{
	return difference->scope == SCOPE_DEVICE && difference->after != NONE &&
	       !*names_of(after->names, difference->after).device;
}

/* "01:00.0 GeForce RTX 4090", as the later machine calls it where it is. */
static const char *subject_of(const struct scene *before,
			      const struct scene *after,
			      const struct difference *difference,
			      struct arena *arena)
{
	bool now = difference->after != NONE;
	const struct scene *scene = now ? after : before;
	int index = now ? difference->after : difference->before;

	switch (difference->scope) {
	case SCOPE_DEVICE:
		return label_device(scene, index, arena);
	case SCOPE_GROUP:
		return arena_printf(arena, _("group %u"),
				    scene->system->groups[index].number);
	case SCOPE_IOMMU:
		return scene->system->units[index].name;
	case SCOPE_SYSTEM:
		break;
	}
	return _("the machine");
}

static const char *ref_of(const struct scene *after,
			  const struct difference *difference,
			  struct arena *arena)
{
	bool finding = strcmp(difference->fact, "finding") == 0 &&
		       difference->kind == DIFFERENCE_APPEARED;
	struct subject subject = { difference->scope, difference->after };
	char ref[REF_TEXT];

	if (difference->after == NONE ||
	    (difference->scope == SCOPE_SYSTEM && !finding))
		return "";
	return arena_text(arena, ref_print(after->system, subject,
					   finding ? difference->name : NULL,
					   ref));
}

static const char *value_of(const char *text)
{
	return text && *text ? text : SIGN_NONE;
}

struct contrast contrast_of(const struct scene *before, const struct scene *after,
			    const struct difference *difference,
			    struct arena *arena)
{
	bool bad = strcmp(difference->fact, "finding") == 0 &&
		   difference->kind == DIFFERENCE_APPEARED;
	bool good = strcmp(difference->fact, "finding") == 0 && !bad;

	return (struct contrast){
		.kind = difference->kind,
		.role = bad ? ROLE_BAD : good ? ROLE_GOOD : ROLE_CHANGED,
		.time = "", .ref = ref_of(after, difference, arena),
		.subject = subject_of(before, after, difference, arena),
		.what = what_of(difference, arena),
		.from = value_of(difference->from),
		.to = value_of(difference->to),
		.unnamed = is_unnamed(after, difference),
	};
}

struct contrast contrast_keep(const struct contrast *contrast, const char *time,
			  struct arena *arena)
{
	return (struct contrast){
		.kind = contrast->kind, .role = contrast->role,
		.time = arena_text(arena, time),
		.ref = arena_text(arena, contrast->ref),
		.subject = arena_text(arena, contrast->subject),
		.what = arena_text(arena, contrast->what),
		.from = arena_text(arena, contrast->from),
		.to = arena_text(arena, contrast->to),
		.unnamed = contrast->unnamed,
	};
}

const char *contrast_sign(enum difference_kind kind)
{
	static const char *const signs[] = {
		[DIFFERENCE_APPEARED] = "+", [DIFFERENCE_GONE] = "-",
		[DIFFERENCE_MOVED] = "→", [DIFFERENCE_EXCHANGED] = "×",
		[DIFFERENCE_CHANGED] = "~",
	};

	return signs[kind];
}

const char *contrast_say(const struct contrast *contrast, struct arena *arena)
{
	bool had = strcmp(contrast->from, SIGN_NONE) != 0;
	bool has = strcmp(contrast->to, SIGN_NONE) != 0;

	return had && has ?
		arena_printf(arena, "%s %s: %s: %s → %s",
			     contrast_sign(contrast->kind), contrast->subject,
			     contrast->what, contrast->from, contrast->to) :
		arena_printf(arena, "%s %s: %s", contrast_sign(contrast->kind),
			     contrast->subject, contrast->what);
}

void contrast_fill(const struct contrast *contrast, unsigned first, struct row *row)
{
	row_set(row, first + CONTRAST_SIGN, contrast->role,
		contrast_sign(contrast->kind));
	row_set(row, first + CONTRAST_SUBJECT, ROLE_ADDRESS, contrast->subject);
	row_set(row, first + CONTRAST_WHAT, ROLE_TEXT, contrast->what);
	row_set(row, first + CONTRAST_FROM, ROLE_DIM, contrast->from);
	row_set(row, first + CONTRAST_TO, ROLE_TEXT, contrast->to);
}
