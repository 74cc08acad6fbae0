// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The guest's side, whoever runs it: slots, ROM files, displays, iommufd.
 * How that is spelled is export_qemu.c's and export_libvirt.c's.
 *
 * Source: QEMU docs/pcie.txt, docs/igd-assign.txt, hw/vfio/pci.c;
 * Documentation/driver-api/vfio.rst.
 */
#include "plan/export_part.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/topo.h"

static const struct device *device_at(const struct exporting *exporting,
				      int device)
{
	return &exporting->system->devices[device];
}

/* --- slots --- */

/* Whether one of the slot's functions that go along is function 0: a guest
 * looks at no others where that is missing. */
static bool has_first(const struct exporting *exporting, struct bdf slot)
{
	for (unsigned i = 0; i < exporting->count; i++) {
		struct bdf address =
			device_at(exporting, exporting->devices[i])->address;
		if (bdf_same_slot(address, slot) && !address.function)
			return true;
	}
	return false;
}

/* A VF's function number says nothing of its neighbours: each is a device of
 * its own. */
static bool shares_slot(const struct device *a, const struct device *b)
{
	return a->physfn == NONE && b->physfn == NONE &&
	       bdf_same_slot(a->address, b->address);
}

bool guest_is_igd(const struct exporting *exporting, int device)
{
	const struct device *self = device_at(exporting, device);

	return self->vendor == 0x8086 && topo_is_display(self) &&
	       !self->address.domain && !self->address.bus &&
	       self->address.device == 2 && self->physfn == NONE;
}

/* A slot is conventional where all of its functions are. */
static void place_slots(struct exporting *exporting)
{
	struct guest_function *functions = exporting->functions;

	for (unsigned i = 0; i < exporting->count; i++) {
		int device = functions[i].device;
		enum guest_place place =
			guest_is_igd(exporting, device) ? PLACE_IGD :
			topo_is_pcie(device_at(exporting, device)) == ABSENT ?
							  PLACE_ROOT :
							  PLACE_PORT;
		for (unsigned j = 0; j < exporting->count; j++)
			if (functions[j].slot == functions[i].slot &&
			    functions[j].place < place)
				functions[j].place = place;
	}
}

void guest_lay_out(struct exporting *exporting)
{
	struct guest_function *functions =
		arena_array(exporting->arena, exporting->count + 1u,
			    sizeof *functions);

	exporting->functions = functions;
	for (unsigned i = 0; i < exporting->count; i++) {
		const struct device *device =
			device_at(exporting, exporting->devices[i]);
		struct guest_function *each = &functions[i];
		struct guest_function *before = i ? &functions[i - 1] : NULL;
		bool joins = before && shares_slot(
			device, device_at(exporting, before->device));
		*each = (struct guest_function){
			.device = exporting->devices[i], .first = !joins,
			.slot = joins ? before->slot :
					exporting->slot_count++,
			.function = !joins ? 0 :
				    has_first(exporting, device->address) ?
					     device->address.function :
					     (uint8_t)(before->function + 1),
		};
		if (joins)
			each->several = before->several = true;
	}
	place_slots(exporting);
}

/* --- iommufd --- */

static bool runs_iommufd(const struct system *system)
{
	for (unsigned i = 0; i < system->usage.holder_count; i++)
		if (strcmp(system->usage.holders[i].node, "/dev/iommu") == 0 ||
		    text_starts(system->usage.holders[i].node,
				"/dev/vfio/devices/"))
			return true;
	return false;
}

static bool has_cdev(const struct system *system)
{
	return system->vfio.iommufd.known == KNOWN &&
	       system->host.kconfig.known == KNOWN &&
	       system->host.kconfig.value[CFG_VFIO_DEVICE_CDEV] == 'y';
}

static bool has_groups(const struct system *system)
{
	const struct kconfig *config = &system->host.kconfig;

	return config->known != KNOWN ||
	       (config->value[CFG_VFIO_GROUP] != 'n' &&
		(config->value[CFG_VFIO_CONTAINER] != 'n' ||
		 config->value[CFG_IOMMUFD_VFIO_CONTAINER] != 'n'));
}

bool guest_wants_iommufd(const struct system *system)
{
	return has_cdev(system) &&
	       (!has_groups(system) || runs_iommufd(system));
}

/* --- what to know --- */

static bool is_gpu(const struct exporting *exporting, int device)
{
	return topo_is_display(device_at(exporting, device));
}

static bool has_rom(const struct device *device)
{
	for (unsigned i = 0; i < device->bar_count; i++)
		if (device->bars[i].index == 6)
			return true;
	return false;
}

static const char *address_of(const struct exporting *exporting, int device)
{
	char text[BDF_TEXT];

	return arena_text(exporting->arena,
			  bdf_print_short(device_at(exporting, device)->address,
					  text));
}

/* Whether the guest needs the GPU's ROM as a file. */
static const char *rom_note(const struct exporting *exporting, int device)
{
	const struct device *self = device_at(exporting, device);
	bool boot;
	enum known known = topo_is_boot_display(exporting->system, device,
						&boot);

	if (self->physfn != NONE)
		return _("%s: no ROM file; a virtual function has no ROM.");
	if (guest_is_igd(exporting, device))
		return _("%s: no ROM file to be read; its ROM is a part of the "
			 "board's firmware.");
	if (known_is_settled(self->resources) && !has_rom(self))
		return _("%s: no ROM file; it has no ROM.");
	if (!known_is_settled(known))
		return _("%s: whether it needs a ROM file cannot be told: "
			 "which GPU the firmware showed its screen on is not "
			 "known.");
	if (boot)
		return _("%s: needs a ROM file (romfile=, <rom file=''/>): the firmware showed "
			 "its screen on it, so what the kernel reads as its "
			 "ROM is the copy that the firmware has run and "
			 "changed.  Read it while another GPU is the boot "
			 "display.");
	return _("%s: no ROM file; the firmware did not run its ROM, so the "
		 "guest reads it from the card.");
}

static const char *vga_note(const struct exporting *exporting, int device)
{
	const struct device *self = device_at(exporting, device);
	const struct kconfig *config = &exporting->system->host.kconfig;

	if (self->class >> 8 != 0x0300 || self->physfn != NONE ||
	    guest_is_igd(exporting, device) || config->known != KNOWN)
		return NULL;
	if (config->value[CFG_VFIO_PCI_VGA] == 'y')
		return _("%s: x-vga=on is for guests that start with SeaBIOS "
			 "and have no other display; with UEFI (OVMF) it is "
			 "not wanted.");
	return _("%s: x-vga=on is not possible (CONFIG_VFIO_PCI_VGA is not "
		 "set), and not needed by guests that start with UEFI "
		 "(OVMF).");
}

static const char *igd_note(const struct exporting *exporting, int device)
{
	const struct kconfig *config = &exporting->system->host.kconfig;

	if (!guest_is_igd(exporting, device))
		return NULL;
	if (config->known == KNOWN && config->value[CFG_VFIO_PCI_IGD] == 'n')
		return _("%s: processor graphics need CONFIG_VFIO_PCI_IGD, "
			 "which this kernel lacks: the guest will find no "
			 "OpRegion, and so no screens.");
	return _("%s: processor graphics, so at 02.0 of the root bus and with "
		 "the OpRegion, by which its driver finds the screens.  Before "
		 "that driver runs nothing is shown, unless the guest's "
		 "firmware was given a driver of its own.");
}

static const char *token_note(const struct exporting *exporting, int device)
{
	int pf = device_at(exporting, device)->physfn;

	if (pf == NONE)
		return NULL;
	const struct fact_text *driver = &device_at(exporting, pf)->driver;
	if (driver->known != KNOWN || !topo_is_vfio_driver(driver->value))
		return NULL;
	return _("%s: its physical function is in the hands of vfio too, so "
		 "it needs vf-token=UUID, the one that was set there.");
}

/* Functions of the slot that are in groups of their own stay with the host
 * unless they are named. */
static void tell_left(struct exporting *exporting, int device, guest_say *say)
{
	const struct system *system = exporting->system;

	for (unsigned i = 0; i < system->device_count; i++) {
		bool goes = (int)i == device ||
			    topo_is_bridge(&system->devices[i]) ||
			    !shares_slot(&system->devices[i],
					 &system->devices[device]);
		for (unsigned j = 0; j < exporting->count; j++)
			goes |= exporting->devices[j] == (int)i;
		if (!goes)
			say(exporting, arena_printf(
				exporting->arena,
				_("%s is of the same card and in a group of "
				  "its own: it stays with the host unless it "
				  "is named too."),
				export_name(exporting, (int)i)));
	}
}

static void say_of(struct exporting *exporting, guest_say *say, int device,
		   const char *format)
{
	struct buf text = {0};

	if (!format)
		return;
	const char *at = strstr(format, "%s");
	buf_add(&text, format, (size_t)(at - format));
	buf_printf(&text, "%s%s", address_of(exporting, device), at + 2);
	say(exporting, arena_text(exporting->arena, buf_str(&text)));
	buf_free(&text);
}

/* --- which emulated display to keep --- */

enum display {
	DISPLAY_NO_GPU, DISPLAY_VGPU, DISPLAY_VF, DISPLAY_DARK, DISPLAY_IGD,
	DISPLAY_CARD,
};

static const char *const displays[] = {
	[DISPLAY_NO_GPU] = N_("Display: whichever the guest has; none of "
			      "these is a GPU."),
	[DISPLAY_VGPU] = N_("Display: none beside it (-vga none); display=on "
			    "shows the mediated device's own screen, and "
			    "ramfb=on what comes before the guest's driver "
			    "does.  Where its type has no screen: display=off "
			    "without ramfb, and virtio-vga."),
	[DISPLAY_VF] = N_("Display: virtio-vga; a virtual function has no "
			  "connector, so the guest is looked at through the "
			  "emulated one."),
	[DISPLAY_DARK] = N_("Display: virtio-vga; the GPU has no connector, so "
			    "the guest is looked at through the emulated "
			    "one."),
	[DISPLAY_IGD] = N_("Display: virtio-vga until the guest's driver works "
			   "and shows a picture, then none (-vga none)."),
	[DISPLAY_CARD] = N_("Display: none (-vga none) once a monitor on the "
			    "card shows the guest, so that the guest takes no "
			    "other for its first screen; until its driver is "
			    "installed virtio-vga helps."),
};

static bool has_connector(const struct exporting *exporting, int device)
{
	for (unsigned i = 0; i < exporting->system->connector_count; i++)
		if (exporting->system->connectors[i].device == device &&
		    !text_starts(exporting->system->connectors[i].name,
				 "Writeback"))
			return true;
	return false;
}

/* A GPU on vfio shows no connectors to the host: not a sign of none. */
static bool is_dark(const struct exporting *exporting, int device)
{
	const struct device *self = device_at(exporting, device);
	bool driven = self->driver.known == KNOWN &&
		      !topo_is_harmless_driver(self->driver.value);

	return self->class >> 8 == 0x0302 ||
	       (driven && exporting->system->display_known == KNOWN &&
		self->class >> 8 != 0x0300 &&
		!has_connector(exporting, device));
}

static enum display display_of(const struct exporting *exporting)
{
	enum display found = DISPLAY_NO_GPU;

	if (exporting->wish->mdev_count)
		return DISPLAY_VGPU;
	for (unsigned i = 0; i < exporting->count; i++) {
		int device = exporting->devices[i];
		enum display each =
			!is_gpu(exporting, device) ? DISPLAY_NO_GPU :
			device_at(exporting, device)->physfn != NONE ?
				DISPLAY_VF :
			guest_is_igd(exporting, device) ? DISPLAY_IGD :
			is_dark(exporting, device)	? DISPLAY_DARK :
							  DISPLAY_CARD;
		if (each > found)
			found = each;
	}
	return found;
}

/* What stands in the way now, though not for good. */
static void tell_gates(struct exporting *exporting, guest_say *say)
{
	const struct plan *plan = exporting->plan;

	for (unsigned i = 0; plan && i < plan->gate_count; i++)
		if (plan->gates[i].kind == GATE_HARD)
			say(exporting, arena_printf(
				exporting->arena, _("Not as things are: %s"),
				plan->gates[i].text));
}

void guest_notes(struct exporting *exporting, guest_say *say)
{
	for (unsigned i = 0; i < exporting->count; i++) {
		int device = exporting->devices[i];
		say_of(exporting, say, device, igd_note(exporting, device));
		if (is_gpu(exporting, device)) {
			say_of(exporting, say, device,
			       rom_note(exporting, device));
			say_of(exporting, say, device,
			       vga_note(exporting, device));
		}
		say_of(exporting, say, device, token_note(exporting, device));
		tell_left(exporting, device, say);
	}
	say(exporting, _(displays[display_of(exporting)]));
	if (guest_wants_iommufd(exporting->system))
		say(exporting, _("This host hands devices over by iommufd; "
				 "QEMU can do that from 8.2 on."));
	else if (has_cdev(exporting->system))
		say(exporting, _("This host has iommufd too: -object "
				 "iommufd,id=iommufd0, and iommufd=iommufd0 "
				 "for each device (QEMU 8.2 on)."));
	tell_gates(exporting, say);
}
