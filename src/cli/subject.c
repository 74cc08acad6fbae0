// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Words of the command line into subjects of a machine.
 */
#include "cli/subject.h"

#include <string.h>

#include "base/arena.h"
#include "base/i18n.h"
#include "model/topo.h"
#include "base/num.h"
#include "base/text.h"

static bool find_group(const struct system *system, const char *word,
		       struct subject *subject, struct err *err)
{
	uint64_t number;

	if (!num_parse(word + strlen("group:"), 10, &number) ||
	    number > UINT32_MAX) {
		err_set(err, _("\"%s\" is no group; write group:13."), word);
		return false;
	}
	int index = system_group(system, (unsigned)number);
	if (index == NONE) {
		err_set(err, _("There is no IOMMU group %u here; vfiotop list "
			       "groups shows which there are."),
			(unsigned)number);
		return false;
	}
	*subject = (struct subject){ SCOPE_GROUP, index };
	return true;
}

bool subject_find(const struct system *system, const char *word,
		  struct subject *subject, struct err *err)
{
	struct arena arena = {0};
	struct bdf address;
	bool found = false;

	word = text_safe(&arena, word, strlen(word));
	if (strcmp(word, "system") == 0) {
		*subject = (struct subject){ SCOPE_SYSTEM, 0 };
		found = true;
	} else if (text_starts(word, "group:")) {
		found = find_group(system, word, subject, err);
	} else if (!bdf_parse(word, &address)) {
		err_set(err, _("\"%s\" is no address (01:00.0), group (group:13)"
			       " or \"system\"."), word);
	} else {
		int index = system_device(system, address);
		if (index == NONE)
			err_set(err, _("There is no device %s here; vfiotop "
				       "list devices shows which there are."),
				word);
		*subject = (struct subject){ SCOPE_DEVICE, index };
		found = index != NONE;
	}
	arena_free(&arena);
	return found;
}

unsigned subject_devices(const struct system *system, struct subject subject,
			 struct bdf *out)
{
	unsigned count = 0;

	for (unsigned i = 0; i < system->device_count; i++) {
		const struct device *device = &system->devices[i];
		bool meant = subject.scope == SCOPE_DEVICE ?
				     (int)i == subject.index :
				     device->group_index == subject.index &&
					     !topo_is_bridge(device);
		if (meant)
			out[count++] = device->address;
	}
	return count;
}
