// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two systems compared: devices that came, went and moved, groups, findings.
 * Which device is which is diff_match.c's, what each says diff_facts.c's and
 * diff_sets.c's.
 */
#include "model/diff.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "model/diff_part.h"
#include "model/topo.h"

void compare_add(struct compare *compare, struct difference difference)
{
	if (!difference.name)
		difference.name = "";
	compare->items = arena_grow(compare->arena, compare->items,
				    compare->count, &compare->room,
				    sizeof *compare->items);
	compare->items[compare->count++] = difference;
}

void compare_texts(struct compare *compare, struct difference about,
		   const char *from, const char *to)
{
	if (from == to || (from && to && strcmp(from, to) == 0))
		return;
	about.kind = !from ? DIFFERENCE_APPEARED :
		     !to   ? DIFFERENCE_GONE : DIFFERENCE_CHANGED;
	about.from = from;
	about.to = to;
	compare_add(compare, about);
}

bool compare_is_told(struct compare *compare, enum known before,
		     enum known after)
{
	bool had = known_is_settled(before), has = known_is_settled(after);

	compare->untold += had != has;
	return had && has;
}

/* --- devices --- */

static const char *address_text(struct compare *compare,
				const struct device *device)
{
	char text[BDF_TEXT];

	return arena_text(compare->arena, bdf_print(device->address, text));
}

static const char *ids_text(struct compare *compare,
			    const struct device *device)
{
	if (device->identity != KNOWN)
		return "?";
	return arena_printf(compare->arena, "%04x:%04x", device->vendor,
			    device->device);
}

static void add_device(struct compare *compare, enum difference_kind kind,
		       int before, int after)
{
	const struct device *was =
		before == NONE ? NULL : &compare->before->devices[before];
	const struct device *is =
		after == NONE ? NULL : &compare->after->devices[after];
	bool moved = kind == DIFFERENCE_MOVED;

	compare_add(compare, (struct difference){
		.kind = kind, .fact = "device", .scope = SCOPE_DEVICE,
		.before = before, .after = after,
		.from = !was ? NULL : moved ? address_text(compare, was) :
					      ids_text(compare, was),
		.to = !is ? NULL : moved ? address_text(compare, is) :
					   ids_text(compare, is),
	});
}

/* Of a device that is gone: what sits there now and was not known before. */
static int exchanged_for(const struct compare *compare, int before)
{
	struct bdf address = compare->before->devices[before].address;
	int at = system_device(compare->after, address);

	return at != NONE && compare->back[at] == NONE ? at : NONE;
}

static void compare_devices(struct compare *compare)
{
	const struct system *before = compare->before, *after = compare->after;

	if (!compare_is_told(compare, before->devices_known,
			     after->devices_known))
		return;
	for (unsigned i = 0; i < before->device_count; i++) {
		int now = compare->match[i];
		int other = now == NONE ? exchanged_for(compare, (int)i) :
					  NONE;
		if (other != NONE)
			add_device(compare, DIFFERENCE_EXCHANGED, (int)i,
				   other);
		else if (now == NONE)
			add_device(compare, DIFFERENCE_GONE, (int)i, NONE);
		else if (bdf_compare(before->devices[i].address,
				     after->devices[now].address))
			add_device(compare, DIFFERENCE_MOVED, (int)i, now);
	}
	for (unsigned i = 0; i < after->device_count; i++) {
		int at = system_device(before, after->devices[i].address);
		bool is_told = at != NONE && compare->match[at] == NONE;
		if (compare->back[i] == NONE && !is_told)
			add_device(compare, DIFFERENCE_APPEARED, NONE, (int)i);
	}
}

/* --- groups --- */

/* Return the group that a device is in, as a text: "13 with 01:00.1"; the
 * others as the later machine calls them, without bridges. */
static const char *group_text(struct compare *compare, bool now, int device)
{
	const struct system *system = now ? compare->after : compare->before;
	const struct device *self = &system->devices[device];
	struct buf text = {0};
	unsigned others = 0;

	if (self->group.known != KNOWN)
		return NULL;
	buf_printf(&text, "%lld", (long long)self->group.value);
	for (unsigned i = 0; i < system->device_count; i++) {
		const struct device *each = &system->devices[i];
		char name[BDF_TEXT];
		if ((int)i == device || topo_is_bridge(each) ||
		    each->group_index != self->group_index ||
		    self->group_index == NONE)
			continue;
		int later = now ? (int)i : compare->match[i];
		if (later != NONE)
			each = &compare->after->devices[later];
		buf_printf(&text, "%s%s", others++ ? ", " : " + ",
			   bdf_print_short(each->address, name));
	}
	const char *copy = arena_text(compare->arena, buf_str(&text));
	buf_free(&text);
	return copy;
}

/* The company of a device, behind the number of its group. */
static const char *company_of(const char *group)
{
	return group ? group + strspn(group, "0123456789") : "-";
}

/* A group whose number alone has changed is told once, of the group. */
static bool add_renumbered(struct compare *compare, int before, int after)
{
	const struct device *was = &compare->before->devices[before];
	const struct device *is = &compare->after->devices[after];

	if (was->group_index == NONE || is->group_index == NONE)
		return false;
	for (unsigned i = 0; i < compare->count; i++)
		if (compare->items[i].scope == SCOPE_GROUP &&
		    compare->items[i].before == was->group_index)
			return true;
	compare_add(compare, (struct difference){
		.kind = DIFFERENCE_MOVED, .fact = "group",
		.scope = SCOPE_GROUP, .before = was->group_index,
		.after = is->group_index,
		.from = arena_printf(compare->arena, "%lld",
				     (long long)was->group.value),
		.to = arena_printf(compare->arena, "%lld",
				   (long long)is->group.value),
	});
	return true;
}

static void compare_group(struct compare *compare, int before, int after)
{
	const struct device *was = &compare->before->devices[before];
	const struct device *is = &compare->after->devices[after];
	const struct difference about = {
		.fact = "group", .scope = SCOPE_DEVICE, .before = before,
		.after = after,
	};

	if (!compare_is_told(compare, was->group.known, is->group.known))
		return;
	const char *from = group_text(compare, false, before);
	const char *to = group_text(compare, true, after);
	if (from && to && strcmp(from, to) != 0 &&
	    strcmp(company_of(from), company_of(to)) == 0 &&
	    add_renumbered(compare, before, after))
		return;
	compare_texts(compare, about, from, to);
}

/* --- findings --- */

/* Return the subject of the later machine that is @subject of the earlier
 * (or, with @now, the other way round); index NONE where it is gone. */
static struct subject counterpart(const struct compare *compare, bool now,
				  struct subject subject)
{
	const struct system *here = now ? compare->after : compare->before;
	const struct system *there = now ? compare->before : compare->after;
	const int *match = now ? compare->back : compare->match;
	struct subject found = { subject.scope, NONE };

	if (subject.scope == SCOPE_SYSTEM)
		return subject;
	if (subject.scope == SCOPE_DEVICE)
		found.index = match[subject.index];
	for (unsigned i = 0; subject.scope == SCOPE_IOMMU &&
			     i < there->unit_count; i++)
		if (strcmp(there->units[i].name,
			   here->units[subject.index].name) == 0)
			found.index = (int)i;
	for (unsigned i = 0; subject.scope == SCOPE_GROUP &&
			     found.index == NONE && i < here->device_count;
	     i++)
		if (here->devices[i].group_index == subject.index &&
		    match[i] != NONE)
			found.index = there->devices[match[i]].group_index;
	return found;
}

static bool is_weighty(const struct finding *finding)
{
	return finding->verdict == VERDICT_FAIL && !finding->aside &&
	       finding->severity != SEVERITY_INFO;
}

/* Add what @found says and @other, where the subject is as well, does not.
 * What the other cannot tell has neither come nor gone. */
static void compare_findings(struct compare *compare,
			     const struct findings *found,
			     const struct findings *other, bool now)
{
	for (unsigned i = 0; i < found->count; i++) {
		const struct finding *each = &found->items[i];
		struct subject there =
			counterpart(compare, now, each->subject);
		if (!is_weighty(each) || there.index == NONE)
			continue;
		const struct finding *said =
			findings_of(other, each->rule, there);
		if (said && said->verdict == VERDICT_CANNOT_TELL)
			compare->untold++;
		if (said && said->verdict != VERDICT_PASS)
			continue;
		compare_add(compare, (struct difference){
			.kind = now ? DIFFERENCE_APPEARED : DIFFERENCE_GONE,
			.fact = "finding", .scope = each->subject.scope,
			.before = now ? there.index : each->subject.index,
			.after = now ? each->subject.index : there.index,
			.name = each->rule,
			.from = now ? NULL : each->title,
			.to = now ? each->title : NULL,
		});
	}
}

/* --- the whole --- */

/* What explains the rest comes first: cards, the machine, what is thought of
 * it; then how devices are grouped, and what each says. */
static unsigned rank(const struct difference *difference)
{
	if (strcmp(difference->fact, "device") == 0)
		return 0;
	if (strcmp(difference->fact, "finding") == 0)
		return 2;
	if (strcmp(difference->fact, "group") == 0)
		return 3;
	return difference->scope == SCOPE_SYSTEM ? 1 : 4;
}

static const struct difference *in_order(const struct compare *compare)
{
	struct difference *items = arena_array(compare->arena,
					       compare->count + 1u,
					       sizeof *items);
	unsigned count = 0;

	for (unsigned wanted = 0; wanted <= 4; wanted++)
		for (unsigned i = 0; i < compare->count; i++)
			if (rank(&compare->items[i]) == wanted)
				items[count++] = compare->items[i];
	return items;
}

static const int *turn_round(const struct compare *compare)
{
	int *back = arena_array(compare->arena,
				compare->after->device_count + 1u,
				sizeof *back);

	for (unsigned i = 0; i < compare->after->device_count; i++)
		back[i] = NONE;
	for (unsigned i = 0; i < compare->before->device_count; i++)
		if (compare->match[i] != NONE)
			back[compare->match[i]] = (int)i;
	return back;
}

struct diff diff_make(const struct system *before, const struct system *after,
		      const struct findings *found_before,
		      const struct findings *found_after,
		      struct arena *arena)
{
	struct compare compare = { .before = before, .after = after,
				   .arena = arena };

	compare.match = diff_match(before, after, arena);
	compare.back = turn_round(&compare);
	compare_devices(&compare);
	for (unsigned i = 0; i < before->device_count; i++)
		if (compare.match[i] != NONE)
			compare_group(&compare, (int)i, compare.match[i]);
	for (unsigned i = 0; i < before->device_count; i++)
		if (compare.match[i] != NONE)
			compare_device(&compare, (int)i, compare.match[i]);
	compare_host(&compare);
	compare_sets(&compare);
	if (found_before && found_after) {
		compare_findings(&compare, found_after, found_before, true);
		compare_findings(&compare, found_before, found_after, false);
	}
	return (struct diff){ .before = before, .after = after,
			      .items = in_order(&compare), .count = compare.count,
			      .untold = compare.untold };
}

char *difference_subject(const struct diff *diff,
			 const struct difference *difference,
			 char out[static SUBJECT_TEXT])
{
	bool now = difference->after != NONE;
	struct subject subject = { difference->scope,
				   now ? difference->after :
					 difference->before };

	return subject_print(now ? diff->after : diff->before, subject, out);
}

const char *difference_word(enum difference_kind kind)
{
	static const char *const words[] = {
		[DIFFERENCE_APPEARED] = "appeared",
		[DIFFERENCE_GONE] = "gone",
		[DIFFERENCE_MOVED] = "moved",
		[DIFFERENCE_EXCHANGED] = "exchanged",
		[DIFFERENCE_CHANGED] = "changed",
	};

	return words[kind];
}
