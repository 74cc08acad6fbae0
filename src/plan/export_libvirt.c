// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Elements that go between <devices> and </devices> of a domain of libvirt's.
 *
 * Source: libvirt's schemas/domaincommon.rng, "hostdev".
 */
#include "plan/export_part.h"

#include "base/i18n.h"
#include "base/text.h"

enum { CONTROLLER = 16 };	/* index of the first root port */

/* A comment of XML must not hold two hyphens. */
static void add_line(struct buf *out, const char *line)
{
	for (; *line; line++) {
		if (*line == '-' && out->data[out->len - 1] == '-')
			buf_putc(out, ' ');
		buf_putc(out, *line);
	}
}

static void comment(struct exporting *exporting, const char *text)
{
	struct buf *out = exporting->out;
	const char *line;
	bool first = true;

	buf_puts(out, "<!-- ");
	while (export_line(exporting, &text, &line)) {
		if (!first)
			buf_puts(out, "\n     ");
		add_line(out, line);
		first = false;
	}
	buf_puts(out, " -->\n");
}

static void add_source(struct exporting *exporting,
		       const struct device *device)
{
	struct bdf at = device->address;

	buf_printf(exporting->out,
		   "  <source>\n"
		   "    <address domain='0x%04x' bus='0x%02x' slot='0x%02x' "
		   "function='0x%x'/>\n"
		   "  </source>\n", at.domain, at.bus, at.device, at.function);
}

static void add_address(struct exporting *exporting, unsigned bus,
			unsigned slot, const struct guest_function *function)
{
	buf_printf(exporting->out,
		   "  <address type='pci' domain='0x0000' bus='0x%02x' "
		   "slot='0x%02x' function='0x%x'%s/>\n", bus, slot,
		   function->function,
		   function->several && !function->function ?
			   " multifunction='on'" : "");
}

static void add_function(struct exporting *exporting,
			 const struct guest_function *function)
{
	const struct device *device =
		&exporting->system->devices[function->device];
	enum guest_place place = function->place;

	buf_puts(exporting->out, "<hostdev mode='subsystem' type='pci' "
				 "managed='yes'>\n"
				 "  <driver name='vfio'/>\n");
	add_source(exporting, device);
	if (place == PLACE_IGD)
		add_address(exporting, 0, 2, function);
	else if (place == PLACE_PORT)
		add_address(exporting, CONTROLLER + function->slot, 0,
			    function);
	else if (function->several)
		add_address(exporting, 0, 0x10 + function->slot % 15,
			    function);
	buf_puts(exporting->out, "</hostdev>\n");
}

static void add_port(struct exporting *exporting, unsigned slot)
{
	buf_printf(exporting->out,
		   "<controller type='pci' index='%u' "
		   "model='pcie-root-port'/>\n", CONTROLLER + slot);
}

static void add_mdev(struct exporting *exporting, const char *uuid)
{
	buf_printf(exporting->out,
		   "<hostdev mode='subsystem' type='mdev' model='vfio-pci' "
		   "display='on' ramfb='on'>\n"
		   "  <source>\n"
		   "    <address uuid='%s'/>\n"
		   "  </source>\n"
		   "</hostdev>\n", uuid);
}

/* What libvirt has no word for. */
static void tell_limits(struct exporting *exporting)
{
	for (unsigned i = 0; i < exporting->count; i++)
		if (guest_is_igd(exporting, exporting->devices[i]))
			comment(exporting,
				_("x-igd-opregion=on has no element here: give "
				  "it to QEMU by <qemu:override>."));
	if (guest_wants_iommufd(exporting->system))
		comment(exporting,
			_("Whether libvirt can do that depends on its version; "
			  "one that cannot says that the group is not "
			  "viable."));
}

void export_libvirt(struct exporting *exporting)
{
	comment(exporting,
		_("For <devices> of a domain of type q35 (virsh edit).  "
		  "managed='yes': libvirt gives the device to vfio-pci when "
		  "the domain starts, and back when it ends."));
	guest_notes(exporting, comment);
	tell_limits(exporting);
	if (exporting->count)
		comment(exporting, arena_printf(
			exporting->arena,
			_("A root port for each card; index %d must be free, "
			  "and is the bus of the addresses below."),
			CONTROLLER));
	for (unsigned i = 0; i < exporting->count; i++) {
		const struct guest_function *each = &exporting->functions[i];
		if (each->first && each->place == PLACE_PORT)
			add_port(exporting, each->slot);
		comment(exporting, export_name(exporting, each->device));
		add_function(exporting, each);
	}
	for (unsigned i = 0; i < exporting->wish->mdev_count; i++)
		add_mdev(exporting, exporting->wish->mdevs[i]);
}
