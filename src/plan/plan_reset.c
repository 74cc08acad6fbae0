// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The steps that reset a device, and those that let it sleep or keep it
 * awake.  A reset cannot be taken back.
 *
 * Source: drivers/pci/pci-sysfs.c, reset_store(); drivers/base/power/sysfs.c,
 * control_store().
 */
#include "plan/plan_part.h"

#include <string.h>

#include "base/i18n.h"
#include "model/parts.h"

enum {
	RESET_SECONDS = 90,	/* a device may take a minute to come back */
	WRITE_SECONDS = 30,	/* waking is part of the write */
};

static const char *address_of(const struct draft *draft, int device)
{
	char address[BDF_TEXT];

	return arena_text(draft->arena, bdf_print_short(
		draft->system->devices[device].address, address));
}

static void reset_one(struct draft *draft, int index)
{
	const struct device *device = &draft->system->devices[index];
	const struct expect same = {
		EXPECT_DRIVER, draft_attribute(draft, device, "driver"),
		device->driver.known == KNOWN ? device->driver.value : "",
	};
	const char *method;

	parts_reset(draft->system, index, draft->arena, &method);
	draft_deed(draft, index, true, *method ?
			arena_printf(draft->arena, _("is reset (%s)"),
				     method) : _("is reset"),
		   _("what the device was doing is lost; this cannot be taken "
		     "back"));
	draft_step(draft, (struct step){
		.kind = STEP_WRITE,
		.path = draft_attribute(draft, device, "reset"),
		.value = "1",
		.before = same, .expect = same,
		.why = _("the kernel saves its registers, resets it, and puts "
			 "them back"),
		.deadline_s = RESET_SECONDS, .device = index,
	});
}

static bool is_same(const struct fact_text *fact, const char *value)
{
	return fact->known == KNOWN && strcmp(fact->value, value) == 0;
}

/* False with *err where nothing is to be set. */
static bool power_one(struct draft *draft, int index, struct err *err)
{
	const struct device *device = &draft->system->devices[index];
	const struct fact_text *now = &device->runtime_control;
	const char *to = draft->intent->power;

	if (now->known != KNOWN) {
		err_set(err, _("Whether %s may sleep cannot be set: "
			       "power/control is not there, or could not be "
			       "read."), address_of(draft, index));
		return false;
	}
	bool on = strcmp(to, "on") == 0;
	draft_deed(draft, index, true, on ? _("is kept awake") :
					    _("may sleep when idle"), "");
	if (is_same(now, to))
		return true;
	const char *path = draft_attribute(draft, device, "power/control");
	struct step step = draft_write(path, to, on ?
			_("wakes it, and keeps it awake") :
			_("lets it sleep when nobody uses it"),
			WRITE_SECONDS, index);
	struct step back = draft_write(path, now->value, _("as it was"),
				       WRITE_SECONDS, index);
	step.before = (struct expect){ EXPECT_TEXT, path, now->value };
	draft_undo(draft, &step, &back, 1);
	draft_step(draft, step);
	return true;
}

static const char *title_of(const struct draft *draft)
{
	const struct intent *intent = draft->intent;
	unsigned more = intent->device_count - 1;
	char text[BDF_TEXT];
	const char *what = bdf_print_short(intent->devices[0], text);

	if (more)
		what = arena_printf(draft->arena, P_("%s and %u other device",
						     "%s and %u other devices",
						     more), what, more);
	if (intent->kind == INTENT_RESET)
		return arena_printf(draft->arena, _("Reset %s"), what);
	return arena_printf(draft->arena, strcmp(intent->power, "on") == 0 ?
				_("Keep %s awake") :
				_("Let %s sleep when idle"), what);
}

bool reset_plan(struct draft *draft, struct err *err)
{
	const struct intent *intent = draft->intent;
	char text[BDF_TEXT];

	if (!intent->device_count) {
		err_set(err, _("There is nothing to do: no device is named."));
		return false;
	}
	for (unsigned i = 0; i < intent->device_count; i++) {
		int index = system_device(draft->system, intent->devices[i]);
		if (index == NONE) {
			err_set(err, _("There is no device %s on this "
				       "machine."),
				bdf_print_short(intent->devices[i], text));
			return false;
		}
		if (intent->kind == INTENT_RESET)
			reset_one(draft, index);
		else if (!power_one(draft, index, err))
			return false;
	}
	draft->title = title_of(draft);
	return true;
}
