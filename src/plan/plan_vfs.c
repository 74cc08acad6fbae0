// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The steps that make virtual functions of a device and remove them.  What
 * stands in the way is in gate_parts.c.
 *
 * Source: drivers/pci/iov.c, sriov_numvfs_store(); drivers/vfio/pci/
 * vfio_pci.c, vfio_pci_sriov_configure().
 */
#include "plan/plan_part.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/parts.h"
#include "model/topo.h"

enum {
	WRITE_SECONDS = 15,
	VFS_SECONDS = 120,	/* each VF is probed within the write */
	VFS_MOST = 0xffff,
};

static const char *address_of(const struct draft *draft,
			      const struct device *device)
{
	char address[BDF_TEXT];

	return arena_text(draft->arena,
			  bdf_print_short(device->address, address));
}

/* --- virtual functions: whether it can be asked for at all --- */

static bool check_number(const struct draft *draft,
			 const struct device *device, struct err *err)
{
	const char *name = address_of(draft, device);

	if (device->sriov_total.known == ABSENT)
		err_set(err, _("%s has no virtual functions: it does not know "
			       "SR-IOV (there is no sriov_totalvfs)."), name);
	else if (device->sriov_total.known != KNOWN ||
		 device->sriov_num.known != KNOWN)
		err_set(err, _("How many virtual functions %s has could not "
			       "be read: %s."), name,
			known_why(device->sriov_total.known != KNOWN ?
					  device->sriov_total.known :
					  device->sriov_num.known));
	else if (draft->intent->count > VFS_MOST ||
		 draft->intent->count > device->sriov_total.value)
		err_set(err, _("%s can have %lld virtual functions at most, "
			       "not %u."), name,
			(long long)device->sriov_total.value,
			draft->intent->count);
	else
		return true;
	return false;
}

/* Its driver makes and removes them; without one the kernel does neither. */
static bool check_driver(const struct draft *draft,
			 const struct device *device, struct err *err)
{
	const struct fact_num *enabled = &draft->system->host.enable_sriov;
	const char *name = address_of(draft, device);
	const char *driver = device->driver.value;

	if (device->driver.known == ABSENT)
		err_set(err, _("%s has no driver, and only the driver of the "
			       "physical function makes and removes virtual "
			       "functions: restore it first."), name);
	else if (device->driver.known != KNOWN)
		err_set(err, _("The driver of %s could not be read: %s."),
			name, known_why(device->driver.known));
	else if (strcmp(driver, "vfio-pci") == 0 &&
		 enabled->known == KNOWN && !enabled->value)
		err_set(err, _("%s is on vfio-pci, which makes virtual "
			       "functions only with its parameter "
			       "enable_sriov=1: set that, or restore %s "
			       "first."), name, name);
	else if (strcmp(driver, "pci-stub") == 0 ||
		 strcmp(driver, "uio_pci_generic") == 0)
		err_set(err, _("%s is on %s, which cannot make virtual "
			       "functions: restore it first."), name, driver);
	else
		return true;
	return false;
}

static bool check_autoprobe(const struct draft *draft,
			    const struct device *device, struct err *err)
{
	if (draft->intent->autoprobe == AUTOPROBE_KEEP ||
	    device->sriov_autoprobe.known == KNOWN)
		return true;
	err_set(err, _("Whether drivers take new virtual functions of %s "
		       "cannot be chosen: sriov_drivers_autoprobe is not "
		       "there, or could not be read."),
		address_of(draft, device));
	return false;
}

/* --- virtual functions: the steps --- */

static const char *number_text(const struct draft *draft, long long number)
{
	return arena_printf(draft->arena, "%lld", number);
}

static struct step write_number(const struct draft *draft,
				const struct device *device, long long number)
{
	return draft_write(draft_attribute(draft, device, "sriov_numvfs"),
			   number_text(draft, number),
			   number ? _("its driver makes virtual functions") :
				    _("its driver removes them all"),
			   VFS_SECONDS,
			   (int)(device - draft->system->devices));
}

static struct step unbind_vf(const struct draft *draft,
			     const struct device *device)
{
	struct step step = {
		.kind = STEP_WRITE,
		.path = draft_attribute(draft, device, "driver/unbind"),
		.before = { EXPECT_NOTHING, "", "" },
		.expect = { EXPECT_DRIVER,
			    draft_attribute(draft, device, "driver"), "" },
		.why = _("whoever took it lets it go"),
		.deadline_s = WRITE_SECONDS,
		.device = (int)(device - draft->system->devices),
	};
	char address[BDF_TEXT];

	step.value = arena_text(draft->arena,
				bdf_print(device->address, address));
	return step;
}

/* What makes a VF that came again what it was; at most 4 steps. */
static unsigned make_as_it_was(const struct draft *draft,
			       const struct device *vf, bool probed,
			       struct step *steps)
{
	const char *driver = vf->driver.known == KNOWN ? vf->driver.value : "";
	const char *override = vf->driver_override.known == KNOWN ?
				       vf->driver_override.value : "";
	bool by_itself = probed && !*override &&
			 !topo_is_harmless_driver(driver) &&
			 !topo_is_uio_driver(driver);
	unsigned count = 0;

	if (*driver && by_itself)
		return 0;
	if (*override || *driver)
		steps[count++] = bind_override(draft, vf, *override ?
						       override : driver);
	if (probed)
		steps[count++] = unbind_vf(draft, vf);
	if (*driver)
		steps[count++] = bind_driver(draft, vf, driver);
	if (*driver && !*override)
		steps[count++] = bind_override(draft, vf, "");
	/* What comes again was not looked at: only its address is known. */
	for (unsigned i = 0; i < count; i++)
		steps[i].self = "";
	return count;
}

/* All VFs go; to take it back they are made again, and each as it was. */
static void remove_all(struct draft *draft, int index)
{
	const struct system *system = draft->system;
	const struct device *device = &system->devices[index];
	long long now = (long long)device->sriov_num.value;
	struct step step = write_number(draft, device, 0);
	bool probed = device->sriov_autoprobe.known != KNOWN ||
		      device->sriov_autoprobe.value;
	unsigned count = 1, most = 1;

	for (int vf = NONE; (vf = parts_next_vf(system, index, vf)) != NONE;)
		most += 4;
	struct step *undo = arena_array(draft->arena, most, sizeof *undo);
	undo[0] = write_number(draft, device, now);
	for (int vf = NONE; (vf = parts_next_vf(system, index, vf)) != NONE;) {
		count += make_as_it_was(draft, &system->devices[vf], probed,
					undo + count);
		draft_deed(draft, vf, false, _("vanishes"), "");
	}
	step.before = (struct expect){ EXPECT_TEXT, step.path,
				       number_text(draft, now) };
	draft_undo(draft, &step, undo, count);
	draft_step(draft, step);
}

static void make_all(struct draft *draft, const struct device *device)
{
	struct step step = write_number(draft, device, draft->intent->count);
	struct step back = write_number(draft, device, 0);

	step.before = (struct expect){ EXPECT_TEXT, step.path, "0" };
	draft_undo(draft, &step, &back, 1);
	draft_step(draft, step);
}

static void choose_autoprobe(struct draft *draft, const struct device *device)
{
	const char *path = draft_attribute(draft, device,
					   "sriov_drivers_autoprobe");
	int index = (int)(device - draft->system->devices);
	bool on = draft->intent->autoprobe == AUTOPROBE_ON;

	if (draft->intent->autoprobe == AUTOPROBE_KEEP ||
	    on == (device->sriov_autoprobe.value != 0))
		return;
	struct step step = draft_write(path, on ? "1" : "0",
				       on ? _("drivers take new ones") :
					    _("no driver takes new ones"),
				       WRITE_SECONDS, index);
	struct step back = draft_write(path, on ? "0" : "1",
				       _("as it was"), WRITE_SECONDS, index);
	draft_undo(draft, &step, &back, 1);
	draft_step(draft, step);
}

/* A word to whoever makes VFs below a device that a guest may have. */
static const char *note_for(const struct draft *draft,
			    const struct device *device)
{
	enum autoprobe autoprobe = draft->intent->autoprobe;

	if (!draft->intent->count)
		return "";
	if (topo_is_vfio_driver(device->driver.value))
		return _("vfio-pci takes them too, and whoever opens one must "
			 "name the token that the physical function was opened "
			 "with (vfiotop explain vf-token)");
	if (autoprobe == AUTOPROBE_OFF ||
	    (autoprobe == AUTOPROBE_KEEP &&
	     device->sriov_autoprobe.known == KNOWN &&
	     !device->sriov_autoprobe.value))
		return _("no driver of the host takes them: vfio-pci can have "
			 "each at once");
	return "";
}

static void say_vfs(struct draft *draft, int index)
{
	const struct device *device = &draft->system->devices[index];
	unsigned count = draft->intent->count;
	const char *name = address_of(draft, device);

	draft_deed(draft, index, true,
		   arena_printf(draft->arena,
				_("%lld → %u virtual functions"),
				(long long)device->sriov_num.value, count),
		   note_for(draft, device));
	draft->title = count ?
		arena_printf(draft->arena,
			     P_("Make %u virtual function of %s",
				"Make %u virtual functions of %s", count),
			     count, name) :
		arena_printf(draft->arena,
			     _("Remove the virtual functions of %s"), name);
}

bool vfs_plan(struct draft *draft, struct err *err)
{
	const struct intent *intent = draft->intent;
	char text[BDF_TEXT];

	if (intent->device_count != 1) {
		err_set(err, _("Virtual functions are made of one device at a "
			       "time."));
		return false;
	}
	int index = system_device(draft->system, intent->devices[0]);
	if (index == NONE) {
		err_set(err, _("There is no device %s on this machine."),
			bdf_print_short(intent->devices[0], text));
		return false;
	}
	const struct device *device = &draft->system->devices[index];
	if (!check_number(draft, device, err) ||
	    !check_autoprobe(draft, device, err))
		return false;
	say_vfs(draft, index);
	bool same = device->sriov_num.value == (int64_t)intent->count;
	if (!same && !check_driver(draft, device, err))
		return false;
	if (!same && device->sriov_num.value > 0)
		remove_all(draft, index);
	/* Behind the removal, so that to take it back the switch is as it was
	 * when those that went come again. */
	choose_autoprobe(draft, device);
	if (!same && intent->count)
		make_all(draft, device);
	return true;
}
