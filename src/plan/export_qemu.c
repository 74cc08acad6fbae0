// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Options of qemu-system-*, one a line, for a machine with a PCIe root bus
 * "pcie.0" (q35, virt).
 *
 * Source: QEMU docs/pcie.txt; the properties of vfio-pci and
 * vfio-pci-nohotplug as "-device vfio-pci,help" lists them.
 */
#include "plan/export_part.h"

#include "base/i18n.h"

enum { CHASSIS = 100 };	/* of the first port; a guest has few of its own */

static void add_port(struct exporting *exporting, unsigned slot)
{
	buf_printf(exporting->out,
		   "-device pcie-root-port,id=vfio-port%u,bus=pcie.0,"
		   "chassis=%u,slot=%u\n", slot + 1, CHASSIS + slot, slot + 1);
}

static void add_function(struct exporting *exporting,
			 const struct guest_function *function)
{
	const struct device *device =
		&exporting->system->devices[function->device];
	struct buf *out = exporting->out;
	char address[BDF_TEXT];

	buf_printf(out, "-device vfio-pci,host=%s",
		   bdf_print(device->address, address));
	if (function->place == PLACE_IGD)
		buf_puts(out, ",bus=pcie.0,addr=02.0,x-igd-opregion=on");
	else if (function->place == PLACE_PORT)
		buf_printf(out, ",bus=vfio-port%u,addr=00.%u",
			   function->slot + 1, function->function);
	else if (function->several)
		buf_printf(out, ",bus=pcie.0,addr=%02x.%u",
			   0x10 + function->slot % 15, function->function);
	else
		buf_puts(out, ",bus=pcie.0");
	if (function->several && !function->function)
		buf_puts(out, ",multifunction=on");
	if (guest_wants_iommufd(exporting->system))
		buf_puts(out, ",iommufd=iommufd0");
	buf_putc(out, '\n');
}

/* A mediated device with a screen is not to be plugged in at run time: only
 * then it has ramfb. */
static void add_mdev(struct exporting *exporting, const char *uuid)
{
	buf_printf(exporting->out,
		   "-device vfio-pci-nohotplug,sysfsdev=/sys/bus/mdev/devices/"
		   "%s,display=on,ramfb=on", uuid);
	if (guest_wants_iommufd(exporting->system))
		buf_puts(exporting->out, ",iommufd=iommufd0");
	buf_putc(exporting->out, '\n');
}

void export_qemu(struct exporting *exporting)
{
	bool ports = false;

	export_comment(exporting,
		       _("Options of QEMU for a machine of type q35; in a "
			 "shell: qemu-system-x86_64 -machine q35 ... "
			 "$(grep -v '^#' FILE)"));
	guest_notes(exporting, export_comment);
	if (guest_wants_iommufd(exporting->system))
		buf_puts(exporting->out, "-object iommufd,id=iommufd0\n");
	for (unsigned i = 0; i < exporting->count; i++) {
		const struct guest_function *each = &exporting->functions[i];
		bool port = each->place == PLACE_PORT;
		if (port && !ports)
			export_comment(exporting,
				_("A root port for each card, so that it can "
				  "be plugged in and out at run time too; "
				  "function 0 last then."));
		ports |= port;
		if (each->first && port)
			add_port(exporting, each->slot);
		export_comment(exporting, export_name(exporting,
						      each->device));
		add_function(exporting, each);
	}
	for (unsigned i = 0; i < exporting->wish->mdev_count; i++)
		add_mdev(exporting, exporting->wish->mdevs[i]);
}
