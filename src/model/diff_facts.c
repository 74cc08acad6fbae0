// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What single devices and the machine say, as tables of fields.  What changes
 * with every breath, such as a device's power state, is not compared.
 */
#include "model/diff_part.h"

#include <stddef.h>

#include "base/buf.h"
#include "model/topo.h"

enum form { FORM_TEXT, FORM_NUMBER, FORM_BITS, FORM_FLAG };

/* A field of a device or of the system. */
struct field {
	const char *fact;
	enum form form;
	size_t offset;
};

#define DEVICE(fact, form, member) \
	{ fact, FORM_##form, offsetof(struct device, member) }
#define SYSTEM(fact, form, member) \
	{ fact, FORM_##form, offsetof(struct system, member) }

static const struct field device_fields[] = {
	DEVICE("driver", TEXT, driver),
	DEVICE("driver_override", TEXT, driver_override),
	DEVICE("boot_vga", NUMBER, boot_vga),
	DEVICE("reset_method", TEXT, reset_method),
	DEVICE("sriov_totalvfs", NUMBER, sriov_total),
	DEVICE("sriov_numvfs", NUMBER, sriov_num),
	DEVICE("link_width", NUMBER, width),
	DEVICE("link_speed_max", TEXT, speed_max),
	DEVICE("link_width_max", NUMBER, width_max),
	DEVICE("numa_node", NUMBER, numa_node),
	DEVICE("removable", TEXT, removable),
	DEVICE("config_bytes", NUMBER, config_size),
	DEVICE("rebar", BITS, rebar),
	DEVICE("mdev", NUMBER, mdev),
	DEVICE("modules", TEXT, modules),
	DEVICE("variant", TEXT, variant),
};

static const struct field system_fields[] = {
	SYSTEM("kernel", TEXT, host.release),
	SYSTEM("distribution", TEXT, host.distribution),
	SYSTEM("architecture", TEXT, host.architecture),
	SYSTEM("board_vendor", TEXT, host.dmi_vendor),
	SYSTEM("board", TEXT, host.dmi_product),
	SYSTEM("processor", TEXT, host.cpu_model),
	SYSTEM("processor_flags", BITS, host.cpu_flags),
	SYSTEM("hypervisor", TEXT, host.hypervisor),
	SYSTEM("container", TEXT, host.container),
	SYSTEM("kvm", NUMBER, host.kvm),
	SYSTEM("secure_boot", NUMBER, host.secure_boot),
	SYSTEM("lockdown", NUMBER, host.lockdown),
	SYSTEM("vfio_module", TEXT, host.vfio_module),
	SYSTEM("vfio_iommu_type1.allow_unsafe_interrupts", NUMBER,
	       host.unsafe_type1),
	SYSTEM("iommufd.allow_unsafe_interrupts", NUMBER,
	       host.unsafe_iommufd),
	SYSTEM("vfio.enable_unsafe_noiommu_mode", NUMBER, host.noiommu_mode),
	SYSTEM("iommufd", NUMBER, vfio.iommufd),
	SYSTEM("grub", TEXT, host.grub_line),
	SYSTEM("kernel_cmdline_file", TEXT, host.kernel_line),
};

static enum known known_of(const struct field *field, const char *base)
{
	const void *at = base + field->offset;

	return field->form == FORM_TEXT ?
		       ((const struct fact_text *)at)->known :
		       ((const struct fact_num *)at)->known;
}

/* The value as a text; NULL where it is known not to be there. */
static const char *value_of(struct compare *compare,
			    const struct field *field, const char *base)
{
	const void *at = base + field->offset;

	if (known_of(field, base) != KNOWN)
		return NULL;
	if (field->form == FORM_TEXT)
		return ((const struct fact_text *)at)->value;
	return arena_printf(compare->arena,
			    field->form == FORM_BITS ? "0x%llx" : "%lld",
			    (long long)((const struct fact_num *)at)->value);
}

static void compare_fields(struct compare *compare, struct difference about,
			   const struct field *fields, size_t count,
			   const void *before, const void *after)
{
	for (size_t i = 0; i < count; i++) {
		about.fact = fields[i].fact;
		if (compare_is_told(compare, known_of(&fields[i], before),
				    known_of(&fields[i], after)))
			compare_texts(compare, about,
				      value_of(compare, &fields[i], before),
				      value_of(compare, &fields[i], after));
	}
}

/* Sizes of the BARs in use: "0: 16M, 1: 16G"; where they are matters to
 * nobody. */
static const char *bars_text(const struct device *device, struct arena *arena)
{
	static const char units[] = " KMGTPE";
	struct buf text = {0};

	for (unsigned i = 0; i < device->bar_count; i++) {
		const struct bar *bar = &device->bars[i];
		uint64_t size = bar->end - bar->start + 1;
		unsigned unit = 0;
		while (size >= 1024 && size % 1024 == 0 && units[unit + 1]) {
			size /= 1024;
			unit++;
		}
		buf_printf(&text, "%s%u: %llu", text.len ? ", " : "",
			   bar->index, (unsigned long long)size);
		if (unit)
			buf_putc(&text, units[unit]);
	}
	const char *copy = text.len ? arena_text(arena, buf_str(&text)) : NULL;
	buf_free(&text);
	return copy;
}

static const char *isolation_text(const struct acs *acs)
{
	return acs->isolated ? "yes" : "no";
}

void compare_device(struct compare *compare, int before, int after)
{
	const struct device *was = &compare->before->devices[before];
	const struct device *is = &compare->after->devices[after];
	struct difference about = { .scope = SCOPE_DEVICE, .before = before,
				    .after = after };

	compare_fields(compare, about, device_fields,
		       sizeof device_fields / sizeof *device_fields, was, is);
	/* Where it is in no group, that is told, and has no unit either. */
	about.fact = "iommu";
	if (compare_is_told(compare, was->iommu.known, is->iommu.known) &&
	    was->group.known == KNOWN && is->group.known == KNOWN)
		compare_texts(compare, about, was->iommu.value,
			      is->iommu.value);
	about.fact = "bars";
	if (compare_is_told(compare, was->resources, is->resources))
		compare_texts(compare, about, bars_text(was, compare->arena),
			      bars_text(is, compare->arena));
	about.fact = "isolates";
	struct acs then = topo_acs(compare->before, was);
	struct acs now = topo_acs(compare->after, is);
	if (compare_is_told(compare, then.known, now.known))
		compare_texts(compare, about, isolation_text(&then),
			      isolation_text(&now));
}

static const char *remapping_text(enum remapping remapping)
{
	return remapping == REMAP_ON ? "on" : "off";
}

static enum known remapping_known(enum remapping remapping)
{
	return remapping == REMAP_UNKNOWN ? UNREAD : KNOWN;
}

void compare_host(struct compare *compare)
{
	struct difference about = { .scope = SCOPE_SYSTEM };

	compare_fields(compare, about, system_fields,
		       sizeof system_fields / sizeof *system_fields,
		       compare->before, compare->after);
	about.fact = "interrupt_remapping";
	enum remapping was = topo_remapping(compare->before);
	enum remapping is = topo_remapping(compare->after);
	if (compare_is_told(compare, remapping_known(was),
			    remapping_known(is)))
		compare_texts(compare, about, remapping_text(was),
			      remapping_text(is));
}
