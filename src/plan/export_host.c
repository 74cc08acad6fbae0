// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lines that give the devices to vfio from the next start on: modprobe.d,
 * driverctl, the kernel's command line.
 *
 * Source: drivers/vfio/pci/vfio_pci.c, "ids"; modprobe.d(5); driverctl(8).
 */
#include "plan/export_part.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/topo.h"
#include "plan/choice.h"

static const struct device *device_of(const struct exporting *exporting,
				      unsigned index)
{
	return &exporting->system->devices[exporting->devices[index]];
}

static bool is_chosen(const struct exporting *exporting, int device)
{
	for (unsigned i = 0; i < exporting->count; i++)
		if (exporting->devices[i] == device)
			return true;
	return false;
}

static bool same_ids(const struct device *a, const struct device *b)
{
	return a->vendor == b->vendor && a->device == b->device;
}

static bool same_all(const struct device *a, const struct device *b)
{
	return same_ids(a, b) && a->subvendor == b->subvendor &&
	       a->subdevice == b->subdevice;
}

/* Another device that stays with the host and is like @device; NONE. */
static int find_twin(const struct exporting *exporting,
		     const struct device *device,
		     bool (*same)(const struct device *a,
				  const struct device *b))
{
	for (unsigned i = 0; i < exporting->system->device_count; i++)
		if (!is_chosen(exporting, (int)i) &&
		    same(&exporting->system->devices[i], device))
			return (int)i;
	return NONE;
}

/* Say whom ids catch that is not meant.  Where the subsystem tells them apart
 * it is given too. */
static void warn_of_twins(struct exporting *exporting)
{
	for (unsigned i = 0; i < exporting->count; i++) {
		const struct device *device = device_of(exporting, i);
		int twin = find_twin(exporting, device, same_all);
		if (twin != NONE)
			export_comment(exporting, arena_printf(
				exporting->arena,
				_("WARNING: %s has the same ids as %s, and "
				  "vfio-pci would take it too: use driverctl, "
				  "which goes by address, instead."),
				export_name(exporting, twin),
				export_name(exporting,
					    exporting->devices[i])));
		else if (find_twin(exporting, device, same_ids) != NONE)
			export_comment(exporting, arena_printf(
				exporting->arena,
				_("%s: with its subsystem, for another card "
				  "here has the same ids."),
				export_name(exporting,
					    exporting->devices[i])));
	}
}

static bool is_listed(const struct exporting *exporting, unsigned index)
{
	for (unsigned i = 0; i < index; i++)
		if (same_all(device_of(exporting, i),
			     device_of(exporting, index)))
			return true;
	return false;
}

/* "10de:2684,10de:22ba" */
static const char *ids_of(const struct exporting *exporting)
{
	struct buf text = {0};

	for (unsigned i = 0; i < exporting->count; i++) {
		const struct device *device = device_of(exporting, i);
		if (is_listed(exporting, i))
			continue;
		buf_printf(&text, "%s%04x:%04x", text.len ? "," : "",
			   device->vendor, device->device);
		if (find_twin(exporting, device, same_ids) != NONE &&
		    find_twin(exporting, device, same_all) == NONE)
			buf_printf(&text, ":%04x:%04x", device->subvendor,
				   device->subdevice);
	}
	const char *copy = arena_text(exporting->arena, buf_str(&text));
	buf_free(&text);
	return copy;
}

/* --- modprobe --- */

/* Each module that could drive a device must wait for vfio-pci; one that is
 * built in never waits. */
static void add_softdeps(struct exporting *exporting,
			 const struct device *device, struct buf *seen)
{
	const char *at = device->modules.known == KNOWN ?
				 device->modules.value : "";

	for (;;) {
		at += strspn(at, " ");
		size_t len = strcspn(at, " ");
		const char *name = arena_copy(exporting->arena, at, len);
		const char *word = arena_printf(exporting->arena, " %s ",
						name);
		if (!len)
			break;
		at += len;
		if (text_starts(name, "vfio") ||
		    strstr(buf_str(seen), word))
			continue;
		buf_puts(seen, word);
		buf_printf(exporting->out, "softdep %s pre: vfio-pci\n",
			   name);
	}
}

static void warn_of_builtin(struct exporting *exporting)
{
	for (unsigned i = 0; i < exporting->count; i++) {
		const struct device *device = device_of(exporting, i);
		if (device->builtin.known == KNOWN && device->builtin.value)
			export_comment(exporting, arena_printf(
				exporting->arena,
				_("WARNING: what drives %s is built into the "
				  "kernel and comes before any module: use "
				  "driverctl instead."),
				export_name(exporting,
					    exporting->devices[i])));
	}
}

void export_modprobe(struct exporting *exporting)
{
	struct buf seen = {0};

	export_comment(exporting,
		       _("/etc/modprobe.d/vfio.conf; make the initramfs anew "
			 "afterwards, for it has a copy of these files."));
	for (unsigned i = 0; i < exporting->count; i++)
		export_comment(exporting, export_name(exporting,
						      exporting->devices[i]));
	warn_of_twins(exporting);
	warn_of_builtin(exporting);
	buf_printf(exporting->out, "options vfio-pci ids=%s\n",
		   ids_of(exporting));
	for (unsigned i = 0; i < exporting->count; i++)
		add_softdeps(exporting, device_of(exporting, i), &seen);
	buf_free(&seen);
}

/* --- driverctl --- */

void export_driverctl(struct exporting *exporting)
{
	export_comment(exporting,
		       _("Takes effect at once and after each start; "
			 "driverctl unset-override ADDRESS ends it."));
	if (exporting->system->host.driverctl.known == ABSENT)
		export_comment(exporting,
			       _("driverctl is not installed here."));
	for (unsigned i = 0; i < exporting->count; i++) {
		char address[BDF_TEXT];
		export_comment(exporting, export_name(exporting,
						      exporting->devices[i]));
		buf_printf(exporting->out, "driverctl set-override %s %s\n",
			   bdf_print(device_of(exporting, i)->address,
				     address),
			   choice_best(device_of(exporting, i),
				       exporting->arena));
	}
}

/* --- the command line --- */

/* Whether VT-d is not switched on by itself. */
static bool wants_intel_iommu(const struct host *host)
{
	return host->cpu_vendor.known == KNOWN &&
	       strcmp(host->cpu_vendor.value, "GenuineIntel") == 0 &&
	       host->kconfig.known == KNOWN &&
	       host->kconfig.value[CFG_INTEL_IOMMU_DEFAULT_ON] == 'n';
}

void export_cmdline(struct exporting *exporting)
{
	const struct host *host = &exporting->system->host;

	export_comment(exporting,
		       _("Words for the kernel's command line.  vfio-pci must "
			 "be in the initramfs to come before other drivers; "
			 "export modprobe has the lines for that."));
	for (unsigned i = 0; i < exporting->count; i++)
		export_comment(exporting, export_name(exporting,
						      exporting->devices[i]));
	warn_of_twins(exporting);
	warn_of_builtin(exporting);
	if (wants_intel_iommu(host)) {
		export_comment(exporting,
			       _("intel_iommu=on: this kernel leaves VT-d off "
				 "unless told otherwise."));
		buf_puts(exporting->out, "intel_iommu=on ");
	}
	buf_printf(exporting->out, "vfio-pci.ids=%s\n", ids_of(exporting));
}
