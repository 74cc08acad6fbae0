// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A journal's text, read back.  It opens no file.
 */
#include "act/record.h"

#include <string.h>

#include "base/num.h"
#include "base/text.h"

static const char *const intents[] = {
	[INTENT_NONE] = "none", [INTENT_BIND] = "bind",
	[INTENT_RESTORE] = "restore", [INTENT_UNBIND] = "unbind",
	[INTENT_LOAD] = "load", [INTENT_UNDO] = "undo",
	[INTENT_VFS] = "vfs", [INTENT_RESET] = "reset",
	[INTENT_POWER] = "power", [INTENT_CREATE] = "create",
	[INTENT_REMOVE] = "remove",
	[INTENT_KEEP] = "keep", [INTENT_EDIT] = "edit",
};

_Static_assert(sizeof intents / sizeof *intents == INTENT_COUNT,
	       "every intent has a word");

enum { STEPS_MOST = 4096 };

const char *record_intent(enum intent_kind kind)
{
	return intents[kind];
}

enum intent_kind record_intent_kind(const char *word)
{
	for (size_t i = 0; i < sizeof intents / sizeof *intents; i++)
		if (strcmp(intents[i], word) == 0)
			return (enum intent_kind)i;
	return INTENT_NONE;
}

const char *record_ids(const struct device *device, struct arena *arena)
{
	return arena_printf(arena, "%04x:%04x", device->vendor,
			    device->device);
}

/* One line under the reader's eyes. */
struct line {
	struct arena *arena;
	const char *text;
	const char *fields[WIRE_FIELDS];
	unsigned count;
};

/* Return the text behind the first @skip fields. */
static const char *behind(const char *text, unsigned skip)
{
	while (skip--) {
		text = strchr(text, '\t');
		if (!text)
			return "";
		text++;
	}
	return text;
}

static bool number_of(const char *text, unsigned most, unsigned *number)
{
	uint64_t value;

	if (!num_parse(text, 10, &value) || value >= most)
		return false;
	*number = (unsigned)value;
	return true;
}

static bool read_head(struct record *record, const struct line *line)
{
	record->time = line->fields[2];
	record->title = line->fields[3];
	return line->count == 4 && strcmp(line->fields[1], "1") == 0;
}

static bool read_intent(struct record *record, const struct line *line)
{
	record->intent = line->fields[1];
	record->driver = line->fields[2];
	return line->count == 3;
}

static bool read_session(struct record *record, const struct line *line)
{
	record->session = line->fields[1];
	record->ends = strcmp(line->fields[2], "end") == 0;
	record->consoles = strcmp(line->fields[3], "consoles") == 0;
	return line->count == 3 || (line->count == 4 && record->consoles);
}

static bool read_undoes(struct record *record, const struct line *line)
{
	record->undoes_in = line->fields[2];
	return (line->count == 2 || line->count == 3) &&
	       number_of(line->fields[1], INT32_MAX, &record->undoes);
}

static bool read_device(struct record *record, const struct line *line)
{
	struct record_device device = {
		.ids = line->fields[2], .driver = line->fields[3],
		.override = line->fields[4],
		.left = strcmp(line->fields[5], "left") == 0,
	};

	if (line->count != 6 || !bdf_parse(line->fields[1], &device.address))
		return false;
	record->devices = arena_grow(line->arena, record->devices,
				     record->device_count,
				     &record->device_room, sizeof device);
	record->devices[record->device_count++] = device;
	return true;
}

static bool read_step(struct record *record, const struct line *line)
{
	struct record_step step = {0};
	unsigned number;

	if (!number_of(line->fields[1], STEPS_MOST, &number) ||
	    number != record->step_count ||
	    !wire_parse_step(behind(line->text, 2), line->arena, &step.step,
			     NULL))
		return false;
	record->steps = arena_grow(line->arena, record->steps,
				   record->step_count, &record->step_room,
				   sizeof step);
	record->steps[record->step_count++] = step;
	return true;
}

static bool read_undo(struct record *record, const struct line *line)
{
	unsigned number, undo;
	struct step step;

	if (!number_of(line->fields[1], record->step_count, &number) ||
	    !number_of(line->fields[2], STEPS_MOST, &undo))
		return false;
	struct record_step *owner = &record->steps[number];
	if (undo != owner->undo_count ||
	    !wire_parse_step(behind(line->text, 3), line->arena, &step, NULL))
		return false;
	owner->undo = arena_grow(line->arena, owner->undo, owner->undo_count,
				 &owner->undo_room, sizeof step);
	owner->undone = arena_grow(line->arena, owner->undone,
				   owner->undo_count, &owner->undone_room,
				   sizeof *owner->undone);
	owner->undone[owner->undo_count] = false;
	owner->undo[owner->undo_count++] = step;
	return true;
}

static bool read_may_fail(struct record *record, const struct line *line)
{
	unsigned number, undo;

	if (line->count < 2 || line->count > 3 ||
	    !number_of(line->fields[1], record->step_count, &number))
		return false;
	struct record_step *step = &record->steps[number];
	if (line->count == 2)
		step->step.may_fail = true;
	else if (number_of(line->fields[2], step->undo_count, &undo))
		step->undo[undo].may_fail = true;
	else
		return false;
	return true;
}

const struct record_undo *record_back(const struct record *record,
				      unsigned *count, struct arena *arena)
{
	struct record_undo *back;
	unsigned most = 0;

	for (unsigned i = 0; i < record->step_count; i++)
		most += record->steps[i].undo_count;
	back = arena_array(arena, most + 1u, sizeof *back);
	*count = 0;
	for (unsigned i = record->step_count; i-- > 0;)
		for (unsigned u = 0; record->steps[i].begun &&
				     u < record->steps[i].undo_count; u++)
			if (!record->steps[i].undone[u])
				back[(*count)++] = (struct record_undo){ i, u };
	return back;
}

/* The next undo step of a recovery. */
static bool read_begin_back(struct record *record, const struct line *line)
{
	unsigned number;

	if (line->count != 2 ||
	    !number_of(line->fields[1], record->back_count, &number))
		return false;
	record->taking = &record->back[number];
	return true;
}

/* The same while a failure was being taken back. */
static bool read_begin_undo(struct record *record, const struct line *line,
			    unsigned step)
{
	struct record_undo *taking = arena_alloc(line->arena, sizeof *taking);

	taking->step = step;
	if (!number_of(line->fields[2], record->steps[step].undo_count,
		       &taking->undo))
		return false;
	record->steps[step].undoing = true;
	record->taking = taking;
	return true;
}

static bool read_begin(struct record *record, const struct line *line)
{
	unsigned number;

	record->current = NONE;
	record->taking = NULL;
	if (record->recovering)
		return read_begin_back(record, line);
	if (line->count < 2 || line->count > 3 ||
	    !number_of(line->fields[1], record->step_count, &number))
		return false;
	if (line->count == 3)
		return read_begin_undo(record, line, number);
	record->steps[number].begun = true;
	record->current = (int)number;
	return true;
}

static bool read_end(struct record *record, const struct line *line)
{
	struct reply reply;

	if (!wire_parse_reply(behind(line->text, 1), &reply))
		return false;
	record->stuck_pid = reply.kind == REPLY_STUCK ? reply.pid : 0;
	if (record->taking && (reply.kind == REPLY_DONE ||
			       reply.kind == REPLY_KEPT))
		record->steps[record->taking->step]
			.undone[record->taking->undo] = true;
	record->taking = NULL;
	if (record->current == NONE)
		return true;
	struct record_step *step = &record->steps[record->current];
	step->ended = reply.kind == REPLY_DONE || reply.kind == REPLY_KEPT ||
		      (reply.kind == REPLY_FAILED && step->step.may_fail);
	record->current = NONE;
	return true;
}

/* Recovering begins anew; its steps are the undo steps above that are left. */
static bool read_recover(struct record *record, const struct line *line)
{
	record->recovering = true;
	record->taking = NULL;
	record->current = NONE;
	record->back = record_back(record, &record->back_count, line->arena);
	return line->count == 2;
}

static bool read_outcome(struct record *record, const struct line *line)
{
	unsigned outcome;

	if (line->count != 2 || !number_of(line->fields[1], 256, &outcome))
		return false;
	record->outcome = (int)outcome;
	record->finished = true;
	return true;
}

static const struct {
	const char *word;
	bool (*read)(struct record *record, const struct line *line);
} readers[] = {
	{ "vfiotop-journal", read_head },
	{ "intent", read_intent },	{ "session", read_session },
	{ "undoes", read_undoes },	{ "device", read_device },
	{ "step", read_step },		{ "undo", read_undo },
	{ "may-fail", read_may_fail },
	{ "begin", read_begin },	{ "end", read_end },
	{ "recover", read_recover },	{ "outcome", read_outcome },
};

static bool read_line(struct record *record, struct line *line, bool first)
{
	line->count = wire_split(line->text, line->arena, line->fields);
	if (!line->count)
		return false;
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
		if (strcmp(line->fields[0], readers[i].word) == 0)
			return first == (i == 0) &&
			       readers[i].read(record, line);
	return false;
}

bool record_parse(const char *text, struct arena *arena,
		  struct record *record)
{
	struct line line = { .arena = arena };
	bool first = true;

	*record = (struct record){ .time = "", .title = "", .intent = "",
				    .session = "", .undoes_in = "",
				    .driver = "", .current = NONE };
	for (const char *end; (end = strchr(text, '\n')) != NULL;
	     text = end + 1, first = false) {
		line.text = arena_copy(arena, text, (size_t)(end - text));
		if (!read_line(record, &line, first))
			return false;
	}
	return !first;
}
