// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sessions and taking back, from the command line.  What they are is in
 * plan/, where they are kept in act/.
 */
#include "cli/perform.h"

#include <stdio.h>
#include <string.h>

#include "act/history.h"
#include "act/progress.h"
#include "act/sessions.h"
#include "base/i18n.h"
#include "cli/complain.h"
#include "cli/json.h"
#include "cli/perform_part.h"
#include "plan/past.h"
#include "plan/session.h"
#include "view/view.h"
#include "view/view_sessions.h"

/* --- as JSON --- */

static json_t *device_json(const struct session_device *saved,
			   const struct system *system, struct arena *arena)
{
	static const char *const words[] = {
		[FOUND_HERE] = "here", [FOUND_MOVED] = "moved",
		[FOUND_EXCHANGED] = "exchanged", [FOUND_MISSING] = "missing",
		[FOUND_TWICE] = "ambiguous", [FOUND_UNKNOWN] = "unknown",
		[FOUND_UNPROVEN] = "unproven",
	};
	struct found found = session_find(saved, system);
	bool there = found.kind == FOUND_HERE || found.kind == FOUND_MOVED;
	char address[BDF_TEXT];

	return json_pack(
		"{s:s, s:o, s:s, s:s, s:o, s:s}", "saved_address",
		bdf_print(saved->address, address), "address",
		there ? json_address(system, found.device) : json_null(),
		"found", words[found.kind], "target", saved->target, "driver",
		there ? json_text(system->devices[found.device].driver) :
			json_null(), "message",
		session_say(saved, found, system, arena));
}

static json_t *session_json(const struct session *session,
			    const struct system *system)
{
	json_t *devices = json_array(), *services = json_array();
	struct arena arena = {0};

	for (unsigned i = 0; i < session->device_count; i++)
		json_array_append_new(devices,
				      device_json(&session->devices[i],
						  system, &arena));
	for (unsigned i = 0; i < session->service_count; i++)
		json_array_append_new(services,
				      json_string(session->services[i]));
	arena_free(&arena);
	return json_pack(
		"{s:s, s:s, s:s, s:s, s:o, s:o, s:b, s:i, s:b}", "name",
		session->name, "state",
		*session->problem ? "malformed" :
			session_word(session_state(session, system)),
		"file", session->file, "problem", session->problem, "devices",
		devices, "stop_services", services, "detach_consoles",
		session->consoles, "wait_seconds", (int)session->wait_s,
		"unload_modules", session->unload);
}

/* --- looking --- */

static int list(const struct options *options, struct machine *machine)
{
	const struct sessions *sessions = machine->scene.sessions;
	json_t *items = json_array();
	struct buf text = {0};

	if (options->json) {
		for (unsigned i = 0; i < sessions->count; i++)
			json_array_append_new(items, session_json(
				&sessions->items[i], machine->scene.system));
		json_print(json_pack("{s:i, s:o}", "schema", 1, "sessions",
					items));
		return EXIT_READY;
	}
	json_decref(items);
	view_text(&view_sessions, &machine->scene, 0, &text);
	fputs(buf_str(&text), stdout);
	buf_free(&text);
	return EXIT_READY;
}

static int status_of(const struct session *session,
		     const struct system *system)
{
	static const int statuses[] = {
		[SESSION_STARTED] = EXIT_READY, [SESSION_ENDED] = EXIT_WARNINGS,
		[SESSION_PARTLY] = EXIT_WARNINGS,
		[SESSION_ASTRAY] = EXIT_BLOCKED,
		[SESSION_UNKNOWN] = EXIT_UNKNOWN,
	};

	return *session->problem ? EXIT_BLOCKED :
				   statuses[session_state(session, system)];
}

static int status(const struct options *options, struct machine *machine,
		  const struct session *session)
{
	struct arena arena = {0};
	struct buf text = {0};
	struct page page;

	if (options->json) {
		json_print(json_pack("{s:i, s:o}", "schema", 1, "session",
					session_json(session,
						     machine->scene.system)));
		return status_of(session, machine->scene.system);
	}
	page_start(&page, &arena, 0);
	session_page(&machine->scene, session, &page);
	page_text(&page, machine->scene.ascii, &text);
	fputs(buf_str(&text), stdout);
	buf_free(&text);
	arena_free(&arena);
	return status_of(session, machine->scene.system);
}

/* --- saving --- */

static int save(const struct options *options, struct machine *machine,
		const char *name)
{
	struct intent intent = {0};
	struct session session;
	struct err err;

	if (!perform_find(machine, options->words + 3,
			  options->word_count - 3, &intent, &err) ||
	    !session_make(name, machine->scene.system, intent.devices,
			  intent.device_count, options->to, &machine->arena,
			  &session, &err))
		return complain(&err, EXIT_USAGE);
	if (!sessions_save(sessions_where(&machine->arena), &session,
			   &machine->arena, &err))
		return complain(&err, EXIT_UNREADABLE);
	if (options->json)
		json_print(json_pack("{s:i, s:o}", "schema", 1, "session",
					session_json(&session,
						     machine->scene.system)));
	else
		printf(_("Saved in %s.\n"), session.file);
	return EXIT_READY;
}

/* --- starting and ending --- */

static struct pasts pasts_of(struct machine *machine)
{
	const char *folders[3];

	if (machine->scene.system->origin.kind != ORIGIN_LIVE)
		return (struct pasts){0};
	history_folders(folders, &machine->arena);
	return history_pasts(folders, &machine->arena);
}

static bool fill_end(struct machine *machine, const struct session *session,
		     struct intent *intent, struct err *err)
{
	const struct system *system = machine->scene.system;
	struct pasts pasts = pasts_of(machine);
	struct intent homes = {0};
	const char *folders[3];

	if (system->origin.kind == ORIGIN_LIVE) {
		history_folders(folders, &machine->arena);
		history_homes(folders, system, &homes, &machine->arena);
	}
	return session_end(session, system, past_start(&pasts, session->name,
						       &machine->arena),
			   homes.homes, homes.home_count, &machine->arena,
			   intent, err);
}

static int turn(const struct options *options, struct machine *machine,
		const struct session *session, bool start)
{
	struct intent *intent = arena_alloc(&machine->arena, sizeof *intent);
	struct err err;
	bool good = start ? session_start(session, machine->scene.system,
					  &machine->arena, intent, &err) :
			    fill_end(machine, session, intent, &err);

	return good ? perform_intent(options, machine, intent) :
		      complain(&err, OUTCOME_REFUSED);
}

static const struct session *find(struct machine *machine, const char *name,
				  struct err *err)
{
	const struct session *session =
		session_named(machine->scene.sessions, name);

	if (!session)
		err_set(err, _("There is no session \"%.80s\"; \"vfiotop "
			       "session list\" lists them."), name);
	return session;
}

int perform_session(const struct options *options, struct machine *machine)
{
	const char *verb = options->words[1];
	struct sessions *sessions = arena_alloc(&machine->arena,
						sizeof *sessions);
	struct err err;

	*sessions = sessions_read(sessions_where(&machine->arena),
				  &machine->arena);
	machine->scene.sessions = sessions;
	if (strcmp(verb, "list") == 0)
		return list(options, machine);
	if (strcmp(verb, "save") == 0)
		return save(options, machine, options->words[2]);
	const struct session *session = find(machine, options->words[2],
					     &err);
	if (!session)
		return complain(&err, EXIT_USAGE);
	if (strcmp(verb, "status") == 0)
		return status(options, machine, session);
	bool start = strcmp(verb, "start") == 0;
	if (strcmp(verb, "toggle") == 0)
		start = session_state(session, machine->scene.system) !=
			SESSION_STARTED;
	return turn(options, machine, session, start);
}

bool perform_session_is_verb(const char *verb, unsigned *least)
{
	static const struct {
		const char *verb;
		unsigned words;
	} verbs[] = {
		{ "list", 2 }, { "save", 4 }, { "start", 3 }, { "stop", 3 },
		{ "toggle", 3 }, { "status", 3 },
	};

	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (strcmp(verbs[i].verb, verb) == 0) {
			*least = verbs[i].words;
			return true;
		}
	return false;
}

/* --- taking back --- */

int perform_undo(const struct options *options, struct machine *machine)
{
	struct intent *intent = arena_alloc(&machine->arena, sizeof *intent);
	struct pasts pasts = pasts_of(machine);
	const struct past *past = past_last(&pasts);
	struct err err;

	if (!past) {
		puts(_("There is nothing to take back: no action is known "
		       "that still stands."));
		return OUTCOME_DONE;
	}
	if (!past_intent(past, machine->scene.system, &machine->arena, intent,
			 &err))
		return complain(&err, OUTCOME_REFUSED);
	return perform_intent(options, machine, intent);
}

void perform_pasts(struct machine *machine)
{
	struct pasts *pasts = arena_alloc(&machine->arena, sizeof *pasts);

	*pasts = pasts_of(machine);
	machine->scene.pasts = pasts;
}
