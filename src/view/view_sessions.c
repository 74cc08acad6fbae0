// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sessions: sets of devices with a name, and how they stand on this machine.
 * It starts none.
 */
#include "view/view_sessions.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/topo.h"
#include "view/label.h"
#include "view/ref.h"
#include "view/view.h"

enum { COL_NAME, COL_MARK, COL_STATE, COL_DEVICES, COL_ALSO };

static const struct column columns[] = {
	[COL_NAME] = { .id = "name", .title = N_("Session"), .least = 8,
		.flexible = true },
	[COL_MARK] = { .id = "mark", .title = "", .least = 1 },
	[COL_STATE] = { .id = "state", .title = N_("State"), .least = 11,
		.flexible = true },
	[COL_DEVICES] = { .id = "devices", .title = N_("Devices"), .least = 16,
		.flexible = true },
	[COL_ALSO] = { .id = "also", .title = N_("Stops"), .least = 8,
		.flexible = true, .priority = 2 },
};

static const char prefix[] = "session:";

static enum mark mark_of(enum session_state state)
{
	static const enum mark marks[] = {
		[SESSION_ENDED] = MARK_NOTE, [SESSION_PARTLY] = MARK_WARN,
		[SESSION_STARTED] = MARK_GOOD, [SESSION_ASTRAY] = MARK_BAD,
		[SESSION_UNKNOWN] = MARK_UNKNOWN,
	};

	return marks[state];
}

/* "01:00.0, 01:00.1 → vfio-pci" */
static const char *devices_of(const struct session *session,
			      const struct system *system,
			      struct arena *arena)
{
	struct buf text = {0};

	for (unsigned i = 0; i < session->device_count; i++) {
		const struct session_device *device = &session->devices[i];
		struct found found = session_find(device, system);
		bool last = i + 1 == session->device_count ||
			    strcmp(device[1].target, device->target) != 0;
		char address[BDF_TEXT];
		bdf_print_short(found.kind == FOUND_MOVED ?
					system->devices[found.device].address :
					device->address, address);
		buf_puts(&text, address);
		if (last)
			buf_printf(&text, " → %s", *device->target ?
				   device->target : _("no driver"));
		if (i + 1 < session->device_count)
			buf_puts(&text, ", ");
	}
	const char *copy = arena_text(arena, buf_str(&text));
	buf_free(&text);
	return copy;
}

static const char *services_of(const struct session *session,
			       struct arena *arena)
{
	struct buf text = {0};

	for (unsigned i = 0; i < session->service_count; i++)
		buf_printf(&text, "%s%s", i ? ", " : "",
			   session->services[i]);
	const char *copy = arena_text(arena, buf_str(&text));
	buf_free(&text);
	return copy;
}

static void build(const struct scene *scene, struct rows *rows)
{
	const struct sessions *sessions = scene->sessions;

	for (unsigned i = 0; sessions && i < sessions->count; i++) {
		const struct session *session = &sessions->items[i];
		struct row *row = rows_note(
			rows, arena_printf(rows->arena, "%s%s", prefix,
					   session->name), 0);
		bool broken = *session->problem;
		enum session_state state =
			session_state(session, scene->system);
		enum mark mark = broken ? MARK_BAD : mark_of(state);
		row_set(row, COL_NAME, ROLE_TEXT, session->name);
		row_set(row, COL_MARK, sign_role(mark), sign_of(mark));
		row_set(row, COL_STATE, ROLE_TEXT,
			broken ? _("not understood") :
				 _(session_title(state)));
		row_set(row, COL_DEVICES, ROLE_TEXT,
			devices_of(session, scene->system, rows->arena));
		row_set(row, COL_ALSO, ROLE_DIM,
			services_of(session, rows->arena));
	}
}

const struct session *session_of_ref(const struct scene *scene,
				     const char *ref)
{
	return ref && text_starts(ref, prefix) ?
		       session_named(scene->sessions,
				     ref + sizeof prefix - 1) : NULL;
}

static void add_device(const struct scene *scene,
		       const struct session_device *saved, struct page *page)
{
	struct found found = session_find(saved, scene->system);
	const char *said = session_say(saved, found, scene->system,
				       page->arena);
	bool there = found.kind == FOUND_HERE || found.kind == FOUND_MOVED;
	char address[BDF_TEXT], ref[REF_TEXT];

	if (there) {
		struct subject subject = { SCOPE_DEVICE, found.device };
		const struct device *device =
			&scene->system->devices[found.device];
		page->ref = arena_text(page->arena,
				       ref_print(scene->system, subject, NULL,
						 ref));
		page_add(page, ROLE_TEXT,
			 label_device(scene, found.device, page->arena));
		page_printf(page, ROLE_DIM, "  %s → %s",
			    label_driver(device).text,
			    *saved->target ? saved->target : _("no driver"));
	} else {
		page_printf(page, ROLE_BAD, "%s %04x:%04x",
			    bdf_print_short(saved->address, address),
			    saved->vendor, saved->device);
	}
	page_end(page);
	page->ref = NULL;
	if (!*said)
		return;
	page_indent(page, page->indent + 2, page->indent + 2);
	page_add(page, there ? ROLE_WARN : ROLE_BAD, said);
	page_end(page);
	page_indent(page, page->indent - 2, page->indent - 2);
}

static void add_company(const struct session *session, struct page *page)
{
	enum { LABEL = 14 };

	if (session->service_count)
		page_pair(page, _("stops"), LABEL, ROLE_TEXT,
			  services_of(session, page->arena));
	if (session->consoles)
		page_pair(page, _("consoles"), LABEL, ROLE_TEXT,
			  _("leave the frame buffer"));
	if (session->unload)
		page_pair(page, _("modules"), LABEL, ROLE_TEXT,
			  _("unloaded, where that lets a device go"));
	if (session->wait_s)
		page_pair(page, _("waits"), LABEL, ROLE_TEXT,
			  arena_printf(page->arena,
				       _("%u s for those who hold a device"),
				       session->wait_s));
	page_pair(page, _("kept in"), LABEL, ROLE_DIM, session->file);
}

void session_page(const struct scene *scene, const struct session *session,
		  struct page *page)
{
	enum session_state state = session_state(session, scene->system);

	page_marked(page, *session->problem ? MARK_BAD : mark_of(state),
		    ROLE_TITLE,
		    arena_printf(page->arena, _("Session %s: %s"),
				 session->name,
				 *session->problem ? _("not understood") :
						     _(session_title(state))));
	page_gap(page);
	if (*session->problem) {
		page_add(page, ROLE_BAD, session->problem);
		page_end(page);
		return;
	}
	for (unsigned i = 0; i < session->device_count; i++)
		add_device(scene, &session->devices[i], page);
	page_gap(page);
	add_company(session, page);
}

const struct view view_sessions = {
	.id = "sessions", .title = N_("Sessions"), VIEW_COLUMNS(columns),
	.build = build,
	.empty = N_("No session is kept.  Mark devices with Space, and M "
		    "keeps them under a name; t starts and ends it."),
};
