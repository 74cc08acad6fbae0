// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Exports: which devices are meant, and whether they can be passed at all.
 * What each program wants to be told is in files of its own.
 */
#include "plan/export.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/topo.h"
#include "plan/export_part.h"

static const struct {
	const char *word;
	void (*make)(struct exporting *exporting);
	bool takes_mdevs;
} kinds[] = {
	[EXPORT_QEMU] = { "qemu", export_qemu, true },
	[EXPORT_LIBVIRT] = { "libvirt", export_libvirt, true },
	[EXPORT_MODPROBE] = { "modprobe", export_modprobe, false },
	[EXPORT_DRIVERCTL] = { "driverctl", export_driverctl, false },
	[EXPORT_CMDLINE] = { "cmdline", export_cmdline, false },
	[EXPORT_DOT] = { "dot", export_dot, false },
};

_Static_assert(sizeof kinds / sizeof *kinds == EXPORT_COUNT,
	       "every kind has a row");

const char *export_word(enum export_kind kind)
{
	return kinds[kind].word;
}

enum export_kind export_of_word(const char *word)
{
	unsigned kind = 0;

	while (kind < EXPORT_COUNT && strcmp(kinds[kind].word, word) != 0)
		kind++;
	return kind;
}

bool export_is_mdev(const char *name)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

	if (strlen(name) != sizeof form - 1)
		return false;
	for (size_t i = 0; form[i]; i++)
		if (form[i] == '-' ? name[i] != '-' :
				     !strchr("0123456789abcdefABCDEF",
					     name[i]))
			return false;
	return true;
}

const char *export_name(const struct exporting *exporting, int device)
{
	const struct device *self = &exporting->system->devices[device];
	struct device_name name = names_of(exporting->wish->names, device);
	char address[BDF_TEXT];

	bdf_print_short(self->address, address);
	if (!*name.device)
		return arena_printf(exporting->arena, "%s [%04x:%04x]",
				    address, self->vendor, self->device);
	return arena_printf(exporting->arena, "%s %s %s", address,
			    name.vendor, name.device);
}

void export_comment(struct exporting *exporting, const char *text)
{
	const char *line;

	while (export_line(exporting, &text, &line))
		buf_printf(exporting->out, "# %s\n", line);
}

bool export_line(struct exporting *exporting, const char **text,
		 const char **line)
{
	enum { COLUMNS = 70 };
	const char *from = *text + strspn(*text, " ");
	size_t len = text_fit(from, COLUMNS);

	/* Back to a blank; a script without blanks breaks anywhere. */
	if (from[len])
		for (size_t back = len; back; back--)
			if (from[back] == ' ') {
				len = back;
				break;
			}
	*line = arena_copy(exporting->arena, from, len);
	*text = from + len;
	return len > 0;
}

/* --- what cannot be passed --- */

/* Gates that no change of the host opens; what is only in use now may be
 * described all the same. */
static bool is_for_good(const struct gate *gate)
{
	static const char *const ids[] = {
		"dev-is-bridge", "dev-platform-critical",
		"group-platform-device", "group-direct-region",
	};

	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		if (gate->kind == GATE_HARD && strcmp(gate->id, ids[i]) == 0)
			return true;
	return false;
}

static bool check_regions(const struct exporting *exporting, struct err *err)
{
	for (unsigned i = 0; i < exporting->count; i++) {
		const struct device *device =
			&exporting->system->devices[exporting->devices[i]];
		const struct group *group =
			&exporting->system->groups[device->group_index];
		for (unsigned r = 0; r < group->reserved_count; r++) {
			if (strcmp(group->reserved[r].type, "direct") != 0)
				continue;
			err_set(err, _("Group %u cannot be passed through: the "
				       "firmware wants memory of it mapped as "
				       "it is, and the kernel refuses such "
				       "devices to guests."), group->number);
			return false;
		}
	}
	return true;
}

/* All endpoints that go along. */
static void take_endpoints(struct exporting *exporting)
{
	const struct plan *plan = exporting->plan;
	int *devices = arena_array(exporting->arena, plan->change_count + 1u,
				   sizeof *devices);

	for (unsigned i = 0; i < plan->change_count; i++) {
		const struct device *device =
			&exporting->system->devices[plan->changes[i].device];
		if (!topo_is_bridge(device) && !topo_is_platform(device))
			devices[exporting->count++] = plan->changes[i].device;
	}
	exporting->devices = devices;
}

static bool choose(struct exporting *exporting, struct err *err)
{
	const struct export_wish *wish = exporting->wish;
	struct intent *intent = arena_alloc(exporting->arena, sizeof *intent);

	if (!wish->device_count)
		return true;
	*intent = (struct intent){ .kind = INTENT_BIND, .driver = "vfio-pci",
				   .devices = wish->devices,
				   .device_count = wish->device_count };
	exporting->plan = plan_make(wish->system, intent, exporting->arena,
				    err);
	if (!exporting->plan)
		return false;
	for (unsigned i = 0; i < exporting->plan->gate_count; i++)
		if (is_for_good(&exporting->plan->gates[i])) {
			err_set(err, "%s", exporting->plan->gates[i].text);
			return false;
		}
	take_endpoints(exporting);
	return check_regions(exporting, err);
}

static bool is_enough(const struct export_wish *wish, struct err *err)
{
	if (wish->kind == EXPORT_DOT)
		return true;
	if (wish->mdev_count && !kinds[wish->kind].takes_mdevs) {
		err_set(err, _("%s is a mediated device: it is made anew after "
			       "each start, and %s knows nothing of it."),
			wish->mdevs[0], kinds[wish->kind].word);
		return false;
	}
	if (wish->device_count || wish->mdev_count)
		return true;
	err_set(err, _("There is no device to give away here."));
	return false;
}

bool export_make(const struct export_wish *wish, struct buf *out,
		 struct err *err)
{
	struct arena arena = {0};
	struct exporting exporting = {
		.wish = wish, .system = wish->system, .arena = &arena,
		.out = out,
	};
	bool good = is_enough(wish, err);

	if (good && wish->kind != EXPORT_DOT)
		good = choose(&exporting, err);
	if (good && wish->kind != EXPORT_DOT)
		guest_lay_out(&exporting);
	if (good)
		kinds[wish->kind].make(&exporting);
	arena_free(&arena);
	return good;
}
