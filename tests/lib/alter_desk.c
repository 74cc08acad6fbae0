// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Edits of alter.c about what a person sees, hears and types on.
 */
#include "alter_part.h"

#include <stdint.h>
#include <string.h>

static void edit_connector(const struct edit *edit)
{
	struct system *system = edit->system;
	struct connector *all = arena_array(
		system->arena, system->connector_count + 1u, sizeof *all);

	if (system->connector_count)
		memcpy(all, system->connectors,
		       system->connector_count * sizeof *all);
	all[system->connector_count++] = (struct connector){
		.card = "card0", .name = edit->words[2],
		.status = edit_text(edit, 3), .enabled = edit_text(edit, 4),
		.dpms = { KNOWN, strcmp(edit->words[4], "enabled") == 0 ?
					 "On" : "Off" },
		.monitor = edit_text(edit, 5),
		.device = edit_device(edit, 1),
	};
	system->connectors = all;
}

/* Of the connector that was added last. */
static void edit_dpms(const struct edit *edit)
{
	struct system *system = edit->system;
	struct connector *all = (void *)(uintptr_t)system->connectors;

	all[system->connector_count - 1].dpms = edit_text(edit, 1);
}

static void edit_display(const struct edit *edit)
{
	edit->system->display_known = edit_state(edit->words[1]);
	edit->system->connector_count = 0;
}

static void edit_fb(const struct edit *edit)
{
	struct framebuffer *fb = arena_alloc(edit->system->arena, sizeof *fb);

	*fb = (struct framebuffer){ "fb0", edit_text(edit, 2),
				    edit_device(edit, 1), "" };
	edit->system->framebuffers = fb;
	edit->system->framebuffer_count = 1;
}

static void edit_console(const struct edit *edit)
{
	struct vtconsole *console =
		arena_alloc(edit->system->arena, sizeof *console);
	const char *value = edit->words[1];

	*console = (struct vtconsole){
		"vtcon1",
		{ KNOWN, "(M) frame buffer device" },
		{ edit_state(value),
		  edit_state(value) == KNOWN ? edit_number(value) : 0 },
	};
	edit->system->vtconsoles = console;
	edit->system->vtconsole_count = 1;
}

static void edit_terminal(const struct edit *edit)
{
	edit->system->usage.terminal = edit->words[2];
	edit->system->usage.terminal_device = edit_device(edit, 1);
}

static void edit_backlight(const struct edit *edit)
{
	struct host *host = &edit->system->host;
	struct backlight *light = arena_alloc(edit->system->arena,
					      sizeof *light);

	host->backlights_known = *edit->words[1] == '?' ? DENIED : KNOWN;
	if (host->backlights_known != KNOWN)
		return;
	*light = (struct backlight){ "intel_backlight", { KNOWN, "raw" },
				     edit_device(edit, 1) };
	host->backlights = light;
	host->backlight_count = 1;
}

static void edit_switcheroo(const struct edit *edit)
{
	struct host *host = &edit->system->host;
	struct switcheroo *line = arena_alloc(edit->system->arena,
					      sizeof *line);

	host->switcheroo_known = *edit->words[1] == '?' ? DENIED : KNOWN;
	if (host->switcheroo_known != KNOWN)
		return;
	*line = (struct switcheroo){ edit->rest[1], edit_device(edit, 1) };
	host->switcheroos = line;
	host->switcheroo_count = 1;
}

static void edit_keyboard(const struct edit *edit)
{
	struct usage *usage = &edit->system->usage;
	struct keyboard *all = arena_array(edit->system->arena,
					   usage->keyboard_count + 1u,
					   sizeof *all);

	usage->keyboards_known = *edit->words[1] == '?' ? DENIED : KNOWN;
	if (usage->keyboards_known != KNOWN)
		return;
	if (usage->keyboard_count)
		memcpy(all, usage->keyboards,
		       usage->keyboard_count * sizeof *all);
	all[usage->keyboard_count++] = (struct keyboard){
		"A keyboard", "/devices/somewhere/input/input3",
		*edit->words[1] == '-' ? NONE : edit_device(edit, 1),
		false,
	};
	usage->keyboards = all;
}

static void edit_sound(const struct edit *edit)
{
	struct usage *usage = &edit->system->usage;
	struct sound_use *use = arena_alloc(edit->system->arena, sizeof *use);

	usage->sounds_known = *edit->words[1] == '?' ? DENIED : KNOWN;
	if (usage->sounds_known != KNOWN)
		return;
	*use = (struct sound_use){ "card1/pcm0p/sub0", edit->words[2], 912,
				   edit_device(edit, 1), "mpv" };
	usage->sounds = use;
	usage->sound_count = 1;
}

const struct edit_row alter_desk[] = {
	{ "connector", 5, edit_connector }, { "display", 2, edit_display },
	{ "dpms", 2, edit_dpms }, { "fb", 3, edit_fb },
	{ "console", 2, edit_console }, { "backlight", 2, edit_backlight },
	{ "switcheroo", 2, edit_switcheroo }, { "sound", 2, edit_sound },
	{ "keyboard", 2, edit_keyboard }, { "terminal", 3, edit_terminal },
	{ 0 },
};
