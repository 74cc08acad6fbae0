// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A plan's steps as the shell lines they equal, for a person to read or to
 * run.  Nothing here is ever given to a shell by this program.
 */
#include "plan/plan.h"

#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"

/* Add @word so that a shell takes it as one word, whatever is in it. */
static void add_word(struct buf *buf, const char *word)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz"
				    "0123456789_-./:+,=@%";

	if (*word && !word[strspn(word, plain)]) {
		buf_puts(buf, word);
		return;
	}
	buf_putc(buf, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			buf_puts(buf, "'\\''");
		else
			buf_putc(buf, *word);
	}
	buf_putc(buf, '\'');
}

static void add_command(struct buf *buf, const struct step *step)
{
	for (unsigned i = 0; i < STEP_WORDS && step->argv[i]; i++) {
		if (i)
			buf_putc(buf, ' ');
		add_word(buf, step->argv[i]);
	}
}

static void add_write(struct buf *buf, const struct step *step)
{
	buf_puts(buf, "echo");
	if (*step->value) {
		buf_putc(buf, ' ');
		add_word(buf, step->value);
	}
	buf_puts(buf, " > ");
	add_word(buf, step->path);
}

static void add_check(struct buf *buf, const struct step *step)
{
	if (step->expect.kind != EXPECT_EXISTS &&
	    step->expect.kind != EXPECT_FREE)
		return;
	buf_puts(buf, step->expect.kind == EXPECT_FREE ? "! fuser -s " :
							 "test -e ");
	add_word(buf, step->expect.path);
}

/* Add @text with a backslash before each of @special. */
static void add_escaped(struct buf *buf, const char *text,
			const char *special)
{
	for (; *text; text++) {
		if (strchr(special, *text))
			buf_putc(buf, '\\');
		buf_putc(buf, *text);
	}
}

static void add_edit(struct buf *buf, const struct step *step)
{
	struct buf script = {0};

	buf_puts(&script, "s/^");
	add_escaped(&script, step->before.value, "\\.[]*^$/");
	buf_puts(&script, "$/");
	add_escaped(&script, step->value, "\\&/");
	buf_puts(&script, "/");
	buf_puts(buf, "sed -i ");
	add_word(buf, buf_str(&script));
	buf_putc(buf, ' ');
	add_word(buf, step->path);
	buf_free(&script);
}

static void add_text(struct buf *buf, const struct step *step)
{
	const char *at = step->value, *line;
	const char *end = at + strlen(at);
	size_t len;

	buf_puts(buf, "printf '%s\\n'");
	while (text_line(&at, end, &line, &len)) {
		struct buf copy = {0};
		buf_add(&copy, line, len);
		buf_putc(buf, ' ');
		add_word(buf, buf_str(&copy));
		buf_free(&copy);
	}
	buf_puts(buf, " > ");
	add_word(buf, step->path);
}

static void add_file(struct buf *buf, const struct step *step)
{
	if (step->expect.kind == EXPECT_LINE) {
		add_edit(buf, step);
	} else if (step->expect.kind == EXPECT_FILE) {
		add_text(buf, step);
	} else {
		buf_puts(buf, "rm ");
		add_word(buf, step->path);
	}
}

const char *shell_line(const struct step *step, struct arena *arena)
{
	struct buf buf = {0};

	switch (step->kind) {
	case STEP_WRITE:
		add_write(&buf, step);
		break;
	case STEP_RUN:
		add_command(&buf, step);
		break;
	case STEP_ASK:
	case STEP_CHECK:
		add_check(&buf, step);
		break;
	case STEP_FILE:
		add_file(&buf, step);
		break;
	}
	const char *line = arena_text(arena, buf_str(&buf));
	buf_free(&buf);
	return line;
}

const char *shell_step(const struct plan *plan, unsigned index,
		       struct arena *arena)
{
	return shell_line(&plan->steps[index], arena);
}

const char *shell_expect(const struct plan *plan, unsigned index,
			 struct arena *arena)
{
	const struct step *step = &plan->steps[index];
	const struct expect *expect = &step->expect;

	switch (expect->kind) {
	case EXPECT_DRIVER:
		if (text_starts(expect->path, "/sys/bus/mdev/"))
			return *expect->value ?
				       arena_printf(arena, _("expects %s"),
						    expect->path) : "";
		if (text_ends(step->path, "/reset"))
			return arena_printf(arena, _("gives up after %u s"),
					    step->deadline_s);
		if (*expect->value)
			return arena_printf(arena, _("expects driver %s"),
					    expect->value);
		return arena_printf(arena, _("gives up after %u s"),
				    step->deadline_s);
	case EXPECT_OTHER:
		return _("expects a driver of the host");
	case EXPECT_EXISTS:
		return arena_printf(arena, _("expects %s"), expect->path);
	case EXPECT_FREE:
		return arena_printf(arena, _("waits %s s for its holders"),
				    expect->value);
	case EXPECT_LINE:
	case EXPECT_FILE:
	case EXPECT_GONE:
		return step->before.kind == EXPECT_GONE ? "" :
			       _("the old one is kept");
	case EXPECT_SPARE:
		break;
	case EXPECT_UNLOADED:
		return _("refused while it is in use");
	case EXPECT_TEXT:
		return text_ends(expect->path, "/sriov_numvfs") ?
			       arena_printf(arena, _("gives up after %u s"),
					    step->deadline_s) : "";
	case EXPECT_NOTHING:
		break;
	}
	return "";
}
