// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The lines of the kernel's log that matter here, what each says, and faults
 * counted by device.  Which lines those are is in rule/lines.def.
 */
#include "view/view.h"

#include <inttypes.h>

#include "base/i18n.h"
#include "rule/line.h"
#include "view/explain.h"
#include "view/label.h"

enum { COL_TIME, COL_MARK, COL_SAYS, COL_LINE };

static const struct column columns[] = {
	[COL_TIME] = { .id = "time", .title = N_("Second"), .least = 9,
		.right = true, .by_order = true, .priority = 2 },
	[COL_MARK] = { .id = "mark", .title = "", .least = 1 },
	[COL_SAYS] = { .id = "says", .title = N_("What it says"), .least = 20,
		.flexible = true },
	[COL_LINE] = { .id = "line", .title = N_("Line"), .least = 20,
		.flexible = true, .priority = 1 },
};

static enum mark mark_of(const struct line_kind *kind)
{
	static const enum mark marks[] = {
		[LINE_GOOD] = MARK_GOOD, [LINE_NOTE] = MARK_NOTE,
		[LINE_WARN] = MARK_WARN, [LINE_BAD] = MARK_BAD,
	};

	return marks[kind->tone];
}

static const char *second(const struct log_line *line, struct arena *arena)
{
	return line->usec ? arena_printf(arena, "%" PRIu64 ".%03u",
					 line->usec / 1000000,
					 (unsigned)(line->usec / 1000 %
						    1000)) : SIGN_NONE;
}

static struct row *add_row(struct rows *rows, const char *name,
			   enum mark mark, const char *says,
			   const char *text)
{
	struct row *row = rows_note(rows, name, 0);

	row->open = name;
	row_set(row, COL_TIME, ROLE_DIM, SIGN_NONE);
	row_set(row, COL_MARK, sign_role(mark), sign_of(mark));
	row_set(row, COL_SAYS, ROLE_TEXT, says);
	row_set(row, COL_LINE, ROLE_DIM, text);
	return row;
}

static void add_line(const struct log *log, size_t index,
		     const struct line_kind *kind, const char *says,
		     struct rows *rows)
{
	const struct log_line *line = &log->lines[index];
	struct row *row = add_row(
		rows, arena_printf(rows->arena, EXPLAIN_REF "line:%zu", index),
		mark_of(kind), says, line->text);

	row_set(row, COL_TIME, ROLE_DIM, second(line, rows->arena));
}

/* What was found before any row is made. */
struct survey {
	const struct scene *scene;
	const struct log *log;
	struct rows *rows;
	const struct line_kind **kinds;	/* per line; NULL: of no account */
	unsigned *counts, *shown;	/* per kind */
	struct fault *faults;		/* per device, and one for nobody */
};

struct fault {
	unsigned count;
	size_t last;		/* index of the last such line */
};

static void look(struct survey *survey, struct arena *arena)
{
	const struct system *system = survey->scene->system;
	const struct log *log = survey->log;
	size_t count = 0;

	while (line_kinds[count].part)
		count++;
	survey->kinds = arena_array(arena, log->count + 1,
				    sizeof *survey->kinds);
	survey->counts = arena_array(arena, count, sizeof *survey->counts);
	survey->shown = arena_array(arena, count, sizeof *survey->shown);
	survey->faults = arena_array(arena, system->device_count + 1u,
				     sizeof *survey->faults);
	for (size_t i = 0; i < log->count; i++) {
		survey->kinds[i] = line_kind_of(log->lines[i].text);
		if (survey->kinds[i])
			survey->counts[survey->kinds[i] - line_kinds]++;
	}
}

static void count_fault(struct survey *survey, size_t index)
{
	const struct system *system = survey->scene->system;
	int device = line_device(system, survey->log->lines[index].text);
	struct fault *fault = &survey->faults[
		device == NONE ? system->device_count : (unsigned)device];

	fault->count++;
	fault->last = index;
}

/* The first lines of a kind; the last that is shown counts the others. */
static void take_line(struct survey *survey, size_t index)
{
	const struct line_kind *kind = survey->kinds[index];
	size_t at = (size_t)(kind - line_kinds);
	unsigned most = kind->many == LINE_ONE ? 6 : 2;
	unsigned nth = ++survey->shown[at];

	if (nth > most)
		return;
	if (nth < most || survey->counts[at] <= most) {
		add_line(survey->log, index, kind, _(kind->says),
			 survey->rows);
		return;
	}
	unsigned more = survey->counts[at] - most;
	add_line(survey->log, index, kind,
		 arena_printf(survey->rows->arena,
			      P_("%s (and %u more)", "%s (and %u more)", more),
			      _(kind->says), more), survey->rows);
}

static void add_fault(struct survey *survey, unsigned device)
{
	const struct fault *fault = &survey->faults[device];
	const struct log_line *line = &survey->log->lines[fault->last];
	struct arena *arena = survey->rows->arena;
	bool here = device < survey->scene->system->device_count;

	if (!fault->count)
		return;
	const char *who = here ?
		label_device(survey->scene, (int)device, arena) :
		_("devices that are not here");
	struct row *row = add_row(
		survey->rows, arena_printf(arena, EXPLAIN_REF "line:%zu",
					   fault->last), MARK_BAD,
		arena_printf(arena, P_("%u fault of %s", "%u faults of %s",
				       fault->count), fault->count, who),
		line->text);
	row_set(row, COL_TIME, ROLE_DIM, second(line, arena));
}

/* Faults come first, by device; then the lines in their order. */
static void build(const struct scene *scene, struct rows *rows)
{
	struct survey survey = { .scene = scene, .rows = rows,
				 .log = &scene->system->host.log };
	struct arena own = {0};

	if (survey.log->known != KNOWN)
		return;
	look(&survey, &own);
	for (size_t i = 0; i < survey.log->count; i++)
		if (survey.kinds[i] && survey.kinds[i]->many == LINE_FAULT)
			count_fault(&survey, i);
	for (unsigned i = 0; i <= scene->system->device_count; i++)
		add_fault(&survey, i);
	for (size_t i = 0; i < survey.log->count; i++)
		if (survey.kinds[i] && survey.kinds[i]->many != LINE_FAULT)
			take_line(&survey, i);
	arena_free(&own);
}

static struct text head(const struct scene *scene, struct arena *arena)
{
	const struct log *log = &scene->system->host.log;

	return (struct text){
		arena_printf(arena, log->complete ?
			P_("%s: %zu line, from the beginning.",
			   "%s: %zu lines, from the beginning.", log->count) :
			P_("%s: %zu line, not the whole start: what is not "
			   "here may have been said.",
			   "%s: %zu lines, not the whole start: what is not "
			   "here may have been said.", log->count),
			log->source ? log->source : SIGN_UNKNOWN, log->count),
		log->complete ? ROLE_DIM : ROLE_UNKNOWN };
}

static enum known known(const struct system *system)
{
	return system->host.log.known == ABSENT ? UNREAD :
						  system->host.log.known;
}

const struct view view_log = {
	.id = "log", .title = N_("Log"), VIEW_COLUMNS(columns),
	.build = build, .known = known, .head = head,
	.empty = N_("No line of the kernel's log matters here."),
};
