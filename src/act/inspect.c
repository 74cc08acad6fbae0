// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Has one device asked by the writer, and collects what it tells.  What that
 * means is for others.
 */
#include "act/inspect.h"

#include <string.h>

#include "act/words.h"
#include "base/i18n.h"

enum { RECORD_MOST = 1024 * 1024 };

struct inspect {
	struct backend backend;
	const struct step *step;
	enum outcome outcome;
	bool begun;
	struct buf record;
	struct arena *arena;
	struct err err;
};

struct inspect *inspect_with(struct backend backend, const struct step *step,
			     struct arena *arena)
{
	struct inspect *inspect = arena_alloc(arena, sizeof *inspect);

	*inspect = (struct inspect){
		.backend = backend, .step = step, .outcome = OUTCOME_RUNNING,
		.arena = arena,
	};
	return inspect;
}

struct inspect *inspect_start(const struct run_ways *ways,
			      const struct system *system,
			      const struct step *step, struct arena *arena,
			      struct err *err)
{
	struct run *run = run_open(ways, system, arena, err);

	return run ? inspect_with(run_backend(run), step, arena) : NULL;
}

int inspect_fd(const struct inspect *inspect)
{
	return inspect->backend.fd(inspect->backend.self);
}

static void give_up(struct inspect *inspect, enum outcome outcome)
{
	inspect->outcome = outcome;
	buf_reset(&inspect->record);
}

static void say_gone(struct inspect *inspect)
{
	const char *words =
		inspect->backend.last_words(inspect->backend.self);

	err_set(&inspect->err, inspect->begun ?
		_("The program that asks ended before it had told all.") :
		*words ? _("Asking needs root, and that was not given: "
			   "%.200s.") :
			 _("Asking needs root, and that was not given."),
		words);
	give_up(inspect, inspect->begun ? OUTCOME_ROLLED_BACK :
					  OUTCOME_REFUSED);
}

static void say_failed(struct inspect *inspect, const struct reply *reply)
{
	if (reply->phase == PHASE_BEFORE)
		err_set(&inspect->err,
			_("%s is not as it was when it was looked at: %s.  "
			  "Read the machine again."),
			inspect->step->value, *reply->detail ? reply->detail :
						_("its driver has changed"));
	else
		err_set(&inspect->err,
			_("The program that asks refused it: %s."),
			*reply->detail ? reply->detail :
					 strerror(reply->errnum));
	give_up(inspect, OUTCOME_REFUSED);
}

static void hear(struct inspect *inspect, const struct reply *reply)
{
	switch (reply->kind) {
	case REPLY_READY:
		inspect->begun = true;
		if (!inspect->backend.send(inspect->backend.self,
					   inspect->step))
			say_gone(inspect);
		break;
	case REPLY_BUSY:
		err_set(&inspect->err, "%s",
			words_busy(reply, inspect->arena));
		give_up(inspect, OUTCOME_REFUSED);
		break;
	case REPLY_FOUND:
		if (inspect->record.len < RECORD_MOST)
			buf_puts(&inspect->record, reply->detail);
		break;
	case REPLY_DONE:
	case REPLY_KEPT:
		inspect->outcome = OUTCOME_DONE;
		break;
	case REPLY_STUCK:
		err_set(&inspect->err,
			_("The kernel does not come back from opening %s (%s); "
			  "the machine must be restarted to get it back."),
			inspect->step->value, reply->detail);
		give_up(inspect, OUTCOME_STUCK);
		break;
	case REPLY_FAILED:
	case REPLY_RETURNED:
		say_failed(inspect, reply);
		break;
	}
}

enum outcome inspect_step(struct inspect *inspect)
{
	struct reply reply;

	while (inspect->outcome == OUTCOME_RUNNING) {
		enum taken taken =
			inspect->backend.take(inspect->backend.self, &reply);
		if (taken == TAKEN_NOTHING)
			break;
		if (taken == TAKEN_END)
			say_gone(inspect);
		else
			hear(inspect, &reply);
	}
	return inspect->outcome;
}

bool inspect_has_begun(const struct inspect *inspect)
{
	return inspect->begun || inspect->outcome != OUTCOME_RUNNING;
}

const struct buf *inspect_record(const struct inspect *inspect)
{
	return &inspect->record;
}

const char *inspect_failure(const struct inspect *inspect)
{
	return inspect->outcome == OUTCOME_DONE ? "" : inspect->err.text;
}

void inspect_end(struct inspect *inspect)
{
	inspect->backend.close(inspect->backend.self);
	buf_free(&inspect->record);
}
