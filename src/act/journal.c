// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The journal on disk, written before each step.  It is read back in
 * history.c, and what its lines mean is in record.c.
 *
 * Folder: "journal" is the one being written, held by a lock; "history-N" are
 * those that ended, the highest N the newest.
 */
#include "act/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "act/history.h"
#include "act/record.h"
#include "base/i18n.h"
#include "plan/past.h"

enum {
	HISTORY_KEPT = 64,
};

struct journal {
	int folder;	/* descriptors */
	int file;
	bool broken;	/* a write failed: nothing is known to be on disk */
	bool recovers;	/* the lines are an older plan's */
};

static void say_errno(struct err *err, const char *folder)
{
	err_set(err, _("The journal in %s could not be written: %s."), folder,
		strerror(errno));
}

/* Why there is a journal already. */
static bool explain_existing(int folder, struct err *err)
{
	int file = openat(folder, "journal", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool busy = file >= 0 && history_is_busy(file);

	if (file >= 0)
		close(file);
	err_set(err, busy ?
		_("Another vfiotop is at work on this machine; wait for it to "
		  "end.") :
		_("An earlier action did not come to its end. \"vfiotop "
		  "recover\" takes it back; do that first."));
	return false;
}

static bool open_files(struct journal *journal, const char *path, bool goes_on,
		       struct err *err)
{
	int flags = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW;

	if (mkdir(path, 0755) != 0 && errno != EEXIST) {
		say_errno(err, path);
		return false;
	}
	journal->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (journal->folder < 0) {
		say_errno(err, path);
		return false;
	}
	journal->file = openat(journal->folder, "journal",
			       goes_on ? flags : flags | O_CREAT | O_EXCL,
			       0644);
	if (journal->file < 0 && errno == EEXIST)
		return explain_existing(journal->folder, err);
	if (journal->file < 0) {
		say_errno(err, path);
		return false;
	}
	return !history_is_busy(journal->file) ||
	       explain_existing(journal->folder, err);
}

/* Write whole lines and wait until they are on disk. */
static bool put(struct journal *journal, const struct buf *text)
{
	size_t done = 0;

	while (!journal->broken && done < text->len) {
		ssize_t count = write(journal->file, text->data + done,
				      text->len - done);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			journal->broken = true;
		else
			done += (size_t)count;
	}
	if (!journal->broken && fsync(journal->file) != 0)
		journal->broken = true;
	return !journal->broken;
}

static void add_number(struct buf *line, unsigned number)
{
	char text[16];

	snprintf(text, sizeof text, "%u", number);
	wire_field(line, text);
}

/* Add @line to @text as a whole line, and empty it. */
static void add_line(struct buf *text, struct buf *line)
{
	buf_add(text, buf_str(line), line->len);
	buf_putc(text, '\n');
	buf_reset(line);
}

static void describe_head(struct buf *text, struct buf *line,
			  const struct plan *plan)
{
	time_t now = time(NULL);
	char stamp[32] = "";
	struct tm tm;

	if (gmtime_r(&now, &tm))
		strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", &tm);
	wire_field(line, "vfiotop-journal");
	wire_field(line, "1");
	wire_field(line, stamp);
	wire_field(line, plan->title);
	add_line(text, line);
	wire_field(line, "intent");
	wire_field(line, record_intent(plan->intent.kind));
	wire_field(line, plan->intent.driver ? plan->intent.driver : "");
	add_line(text, line);
}

/* @folder: of the journal; another one is named. */
static void describe_company(struct buf *text, struct buf *line,
			     const struct company *company, const char *folder)
{
	if (company && company->session) {
		wire_field(line, "session");
		wire_field(line, company->session);
		wire_field(line, company->ends ? "end" : "start");
		if (company->consoles)
			wire_field(line, "consoles");
		add_line(text, line);
	}
	if (company && company->undoes) {
		wire_field(line, "undoes");
		add_number(line, company->undoes);
		if (company->undoes_in && *company->undoes_in &&
		    strcmp(company->undoes_in, folder) != 0)
			wire_field(line, company->undoes_in);
		add_line(text, line);
	}
}

static void describe_devices(struct buf *text, struct buf *line,
			     const struct system *system,
			     const struct plan *plan)
{
	struct arena scratch = {0};

	for (unsigned i = 0; i < plan->change_count; i++) {
		const struct change *change = &plan->changes[i];
		const struct device *device = &system->devices[change->device];
		char address[BDF_TEXT];
		wire_field(line, "device");
		wire_field(line, bdf_print(device->address, address));
		wire_field(line, past_ids(device, &scratch));
		wire_field(line, change->from);
		wire_field(line, device->driver_override.known == KNOWN ?
					 device->driver_override.value : "");
		wire_field(line, change->left ? "left" : "changed");
		add_line(text, line);
	}
	arena_free(&scratch);
}

/* @undo: of a step's undo steps, or -1 for the step itself. */
static void describe_licence(struct buf *text, struct buf *line,
			     const struct step *step, unsigned number, int undo)
{
	if (!step->may_fail)
		return;
	wire_field(line, "may-fail");
	add_number(line, number);
	if (undo >= 0)
		add_number(line, (unsigned)undo);
	add_line(text, line);
}

static void describe_steps(struct buf *text, struct buf *line,
			   const struct plan *plan)
{
	for (unsigned i = 0; i < plan->step_count; i++) {
		const struct step *step = &plan->steps[i];
		wire_field(line, "step");
		add_number(line, i);
		wire_step(line, step);
		add_line(text, line);
		describe_licence(text, line, step, i, -1);
		for (unsigned u = 0; u < step->undo_count; u++) {
			wire_field(line, "undo");
			add_number(line, i);
			add_number(line, u);
			wire_step(line, &step->undo[u]);
			add_line(text, line);
			describe_licence(text, line, &step->undo[u], i,
					 (int)u);
		}
	}
}

static bool describe(struct journal *journal, const char *folder,
		     const struct system *system, const struct plan *plan)
{
	struct buf text = {0}, line = {0};

	if (plan->resumes)
		return true;
	if (plan->recovers) {
		wire_field(&line, "recover");
		add_number(&line, plan->step_count);
		add_line(&text, &line);
	} else {
		describe_head(&text, &line, plan);
		describe_company(&text, &line, plan->intent.company, folder);
		describe_devices(&text, &line, system, plan);
		describe_steps(&text, &line, plan);
	}
	bool good = put(journal, &text);
	buf_free(&text);
	buf_free(&line);
	return good && fsync(journal->folder) == 0;
}

struct journal *journal_open(const char *folder, const struct system *system,
			     const struct plan *plan, struct arena *arena,
			     struct err *err)
{
	struct journal *journal = arena_alloc(arena, sizeof *journal);

	*journal = (struct journal){ .folder = -1, .file = -1,
				     .recovers = plan->recovers };
	if (!open_files(journal, folder, plan->recovers || plan->resumes,
			err)) {
		journal_close(journal);
		return NULL;
	}
	if (!describe(journal, folder, system, plan)) {
		say_errno(err, folder);
		/* Nothing was done yet: it must not look unfinished. */
		if (!plan->recovers)
			unlinkat(journal->folder, "journal", 0);
		journal_close(journal);
		return NULL;
	}
	return journal;
}

bool journal_step(struct journal *journal, unsigned step, int undo)
{
	struct buf text = {0}, line = {0};

	wire_field(&line, "begin");
	add_number(&line, step);
	if (undo >= 0)
		add_number(&line, (unsigned)undo);
	add_line(&text, &line);
	bool good = put(journal, &text);
	buf_free(&text);
	buf_free(&line);
	return good;
}

void journal_answer(struct journal *journal, const struct reply *reply)
{
	struct buf text = {0}, line = {0};

	wire_field(&line, "end");
	wire_reply(&line, reply);
	add_line(&text, &line);
	put(journal, &text);
	buf_free(&text);
	buf_free(&line);
}

static void make_history(int folder)
{
	unsigned lowest, highest;
	char name[32];

	history_range(folder, &lowest, &highest);
	snprintf(name, sizeof name, "history-%u", highest + 1);
	if (renameat(folder, "journal", folder, name) != 0)
		return;
	for (; lowest && highest - lowest + 1 >= HISTORY_KEPT; lowest++) {
		snprintf(name, sizeof name, "history-%u", lowest);
		unlinkat(folder, name, 0);
	}
	fsync(folder);
}

void journal_end(struct journal *journal, int outcome)
{
	struct buf text = {0}, line = {0};

	wire_field(&line, "outcome");
	/* What was recovered is, as a plan, rolled back. */
	add_number(&line, journal->recovers && !outcome ? 11 :
							  (unsigned)outcome);
	add_line(&text, &line);
	put(journal, &text);
	buf_free(&text);
	buf_free(&line);
	make_history(journal->folder);
}

void journal_close(struct journal *journal)
{
	if (journal->file >= 0)
		close(journal->file);
	if (journal->folder >= 0)
		close(journal->folder);
	journal->file = journal->folder = -1;
}
