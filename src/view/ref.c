// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Names of subjects that outlive a reading.  It does not read what a person
 * types.
 */
#include "view/ref.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"

char *ref_print(const struct system *system, struct subject subject,
		const char *rule, char out[static REF_TEXT])
{
	char name[SUBJECT_TEXT];

	subject_print(system, subject, name);
	snprintf(out, REF_TEXT, "%s%s%s", name, rule ? " " : "",
		 rule ? rule : "");
	return out;
}

static int find_unit(const struct system *system, const char *name)
{
	for (unsigned i = 0; i < system->unit_count; i++)
		if (strcmp(system->units[i].name, name) == 0)
			return (int)i;
	return NONE;
}

static bool find_subject(const struct system *system, const char *name,
			 struct subject *subject)
{
	struct bdf address;
	uint64_t number;

	if (strcmp(name, "system") == 0) {
		*subject = (struct subject){ SCOPE_SYSTEM, 0 };
	} else if (text_starts(name, "iommu:")) {
		*subject = (struct subject){
			SCOPE_IOMMU, find_unit(system, name + 6) };
	} else if (text_starts(name, "group:")) {
		int index = num_parse(name + 6, 10, &number) ?
			system_group(system, (unsigned)number) : NONE;
		*subject = (struct subject){ SCOPE_GROUP, index };
	} else {
		int index = bdf_parse(name, &address) ?
			system_device(system, address) : NONE;
		*subject = (struct subject){ SCOPE_DEVICE, index };
	}
	return subject->index != NONE;
}

bool ref_find(const struct scene *scene, const char *ref,
	      struct subject *subject, const struct finding **finding)
{
	char name[REF_TEXT];

	*finding = NULL;
	snprintf(name, sizeof name, "%s", ref);
	char *rule = strchr(name, ' ');
	if (rule)
		*rule++ = '\0';
	if (!find_subject(scene->system, name, subject))
		return false;
	if (rule)
		*finding = findings_of(scene->findings, rule, *subject);
	return !rule || *finding;
}
