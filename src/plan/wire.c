// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Steps and answers as lines of text, written and parsed strictly.  Whether
 * a step is a good idea is not judged here.
 */
#include "plan/wire.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "plan/self.h"

static const char *const kinds[] = {
	[STEP_WRITE] = "write", [STEP_RUN] = "run", [STEP_CHECK] = "check",
	[STEP_FILE] = "file", [STEP_ASK] = "ask",
};

static const char *const expects[] = {
	[EXPECT_NOTHING] = "-", [EXPECT_TEXT] = "text",
	[EXPECT_DRIVER] = "driver", [EXPECT_OTHER] = "other",
	[EXPECT_EXISTS] = "exists", [EXPECT_FREE] = "free",
	[EXPECT_LINE] = "line", [EXPECT_FILE] = "file",
	[EXPECT_GONE] = "gone", [EXPECT_SPARE] = "spare",
	[EXPECT_UNLOADED] = "unloaded",
};

static const char *const replies[] = {
	[REPLY_READY] = "ready", [REPLY_BUSY] = "busy",
	[REPLY_DONE] = "done",
	[REPLY_KEPT] = "kept", [REPLY_FAILED] = "failed",
	[REPLY_STUCK] = "stuck", [REPLY_RETURNED] = "returned",
	[REPLY_FOUND] = "found",
};

static const char *const phases[] = {
	[PHASE_REFUSED] = "refused", [PHASE_SELF] = "self",
	[PHASE_BEFORE] = "before",
	[PHASE_WRITE] = "write", [PHASE_RUN] = "run",
	[PHASE_EXPECT] = "expect",
};

/* Fields of a step, in order. */
enum {
	F_VERB, F_KIND, F_PATH, F_VALUE, F_WORD, F_BEFORE = F_WORD + STEP_WORDS,
	F_EXPECT = F_BEFORE + 3, F_DEADLINE = F_EXPECT + 3, F_SELF, F_COUNT,
};

enum { F_BOOT = F_COUNT, F_ORDER };	/* of an order: what it is of more */

_Static_assert((int)F_ORDER <= (int)WIRE_FIELDS, "an order fits in a line");

enum { DEADLINE_MOST = 600 };	/* seconds */

static bool is_bare(unsigned char byte)
{
	return byte > 0x20 && byte < 0x7f && byte != '%';
}

void wire_field(struct buf *line, const char *text)
{
	if (line->len)
		buf_putc(line, '\t');
	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;
		if (is_bare(byte))
			buf_putc(line, *text);
		else
			buf_printf(line, "%%%02X", byte);
	}
}

static int hex(char digit)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *at = digit ? strchr(digits, digit) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Unescape one field in place; returns its end in the line, NULL when bad. */
static char *unescape(char *field)
{
	char *to = field;

	for (; *field && *field != '\t'; field++) {
		if (is_bare((unsigned char)*field)) {
			*to++ = *field;
			continue;
		}
		if (*field != '%' || hex(field[1]) < 0 || hex(field[2]) < 0)
			return NULL;
		*to = (char)(hex(field[1]) << 4 | hex(field[2]));
		if (!*to++)
			return NULL;
		field += 2;
	}
	/* The end moves before the tab is overwritten by the NUL. */
	char *end = field;
	bool more = *end == '\t';
	*to = '\0';
	return more ? end + 1 : end;
}

unsigned wire_split(const char *line, struct arena *arena,
		    const char *fields[static WIRE_FIELDS])
{
	size_t len = strlen(line);
	char *at = arena_copy(arena, line, len);
	const char *stop = at + len;
	bool ends_in_tab = len && line[len - 1] == '\t';
	unsigned count = 0;

	for (unsigned i = 0; i < WIRE_FIELDS; i++)
		fields[i] = "";
	while (at < stop) {
		if (count == WIRE_FIELDS)
			return 0;
		fields[count++] = at;
		at = unescape(at);
		if (!at)
			return 0;
	}
	if (ends_in_tab && count < WIRE_FIELDS)
		count++;
	return count;
}

static void add_expect(struct buf *line, const struct expect *expect)
{
	wire_field(line, expects[expect->kind]);
	wire_field(line, expect->path ? expect->path : "");
	wire_field(line, expect->value ? expect->value : "");
}

void wire_step(struct buf *line, const struct step *step)
{
	char seconds[16];

	wire_field(line, step->ensure ? "ensure" : "do");
	wire_field(line, kinds[step->kind]);
	wire_field(line, step->path ? step->path : "");
	wire_field(line, step->value ? step->value : "");
	for (unsigned i = 0; i < STEP_WORDS; i++)
		wire_field(line, step->argv[i] ? step->argv[i] : "");
	add_expect(line, &step->before);
	add_expect(line, &step->expect);
	snprintf(seconds, sizeof seconds, "%u", step->deadline_s);
	wire_field(line, seconds);
	wire_field(line, step->self ? step->self : "");
}

void wire_order(struct buf *line, const struct step *step, const char *boot)
{
	wire_step(line, step);
	wire_field(line, boot);
}

static int word_of(const char *const *words, unsigned count, const char *word)
{
	for (unsigned i = 0; i < count; i++)
		if (strcmp(words[i], word) == 0)
			return (int)i;
	return -1;
}

#define WORD(table, word) word_of(table, sizeof (table) / sizeof *(table), word)

static bool parse_expect(const char *const *fields, struct expect *expect)
{
	int kind = WORD(expects, fields[0]);

	if (kind < 0)
		return false;
	*expect = (struct expect){ (enum expect_kind)kind, fields[1],
				   fields[2] };
	if (kind == EXPECT_NOTHING)
		return !*fields[1] && !*fields[2];
	return *fields[1] == '/' && (kind != EXPECT_EXISTS || !*fields[2]);
}

/* Whether just the fields that the kind has are filled. */
static bool is_shaped(const struct step *step)
{
	bool written = *step->path || *step->value;

	switch (step->kind) {
	case STEP_FILE:
	case STEP_WRITE:
		return *step->path == '/' && !step->argv[0];
	case STEP_RUN:
		return step->argv[0] && !written;
	case STEP_ASK:
		return *step->path == '/' && *step->value && !step->argv[0] &&
		       step->before.kind != EXPECT_NOTHING &&
		       step->expect.kind == EXPECT_NOTHING;
	case STEP_CHECK:
		return !step->argv[0] && !written &&
		       step->expect.kind != EXPECT_NOTHING;
	}
	return false;
}

static bool parse_words(const char *const *fields, struct step *step)
{
	bool ended = false;

	for (unsigned i = 0; i < STEP_WORDS; i++) {
		if (!*fields[i])
			ended = true;
		else if (ended)
			return false;
		step->argv[i] = ended ? NULL : fields[i];
	}
	return true;
}

static bool parse_step(const char *const *fields, struct step *step,
		       struct err *err)
{
	char address[BDF_TEXT];
	uint64_t deadline;
	int kind;

	*step = (struct step){ .device = NONE, .why = "" };
	step->ensure = strcmp(fields[F_VERB], "ensure") == 0;
	kind = WORD(kinds, fields[F_KIND]);
	if ((!step->ensure && strcmp(fields[F_VERB], "do") != 0) || kind < 0) {
		err_set(err, "no such kind of step");
		return false;
	}
	step->kind = (enum step_kind)kind;
	step->path = fields[F_PATH];
	step->value = fields[F_VALUE];
	if (!parse_words(fields + F_WORD, step) ||
	    !parse_expect(fields + F_BEFORE, &step->before) ||
	    !parse_expect(fields + F_EXPECT, &step->expect) ||
	    !is_shaped(step)) {
		err_set(err, "fields that do not fit together");
		return false;
	}
	if (!num_parse(fields[F_DEADLINE], 10, &deadline) || !deadline ||
	    deadline > DEADLINE_MOST) {
		err_set(err, "no deadline between 1 and %d s", DEADLINE_MOST);
		return false;
	}
	step->deadline_s = (unsigned)deadline;
	step->self = fields[F_SELF];
	if (*step->self && !self_address(step, address)) {
		err_set(err, "a device where there is none");
		return false;
	}
	return true;
}

bool wire_parse_step(const char *line, struct arena *arena, struct step *step,
		     struct err *err)
{
	const char *fields[WIRE_FIELDS];
	unsigned count = wire_split(line, arena, fields);

	/* The last one is younger than some journals. */
	if (count == F_COUNT || count == F_SELF)
		return parse_step(fields, step, err);
	err_set(err, "not the fields of a step");
	return false;
}

bool wire_parse_order(const char *line, struct arena *arena, struct step *step,
		      const char **boot, struct err *err)
{
	const char *fields[WIRE_FIELDS];

	if (wire_split(line, arena, fields) != F_ORDER) {
		err_set(err, "not the fields of an order");
		return false;
	}
	*boot = fields[F_BOOT];
	return parse_step(fields, step, err);
}

void wire_reply(struct buf *line, const struct reply *reply)
{
	char number[3][16];

	wire_field(line, replies[reply->kind]);
	wire_field(line, phases[reply->phase]);
	snprintf(number[0], sizeof number[0], "%d", reply->errnum);
	snprintf(number[1], sizeof number[1], "%u", reply->ms);
	snprintf(number[2], sizeof number[2], "%u", reply->pid);
	for (unsigned i = 0; i < 3; i++)
		wire_field(line, number[i]);
	wire_field(line, reply->detail);
}

bool wire_parse_reply(const char *line, struct reply *reply)
{
	struct arena arena = {0};
	const char *fields[WIRE_FIELDS];
	uint64_t errnum = 0, ms = 0, pid = 0;
	bool good = false;

	*reply = (struct reply){0};
	if (wire_split(line, &arena, fields) == 6) {
		int kind = WORD(replies, fields[0]);
		int phase = WORD(phases, fields[1]);
		good = kind >= 0 && phase >= 0 &&
		       num_parse(fields[2], 10, &errnum) && errnum < 4096 &&
		       num_parse(fields[3], 10, &ms) && ms <= UINT32_MAX &&
		       num_parse(fields[4], 10, &pid) && pid <= INT32_MAX;
		if (good) {
			*reply = (struct reply){
				.kind = (enum reply_kind)kind,
				.phase = (enum phase)phase,
				.errnum = (int)errnum, .ms = (unsigned)ms,
				.pid = (unsigned)pid,
			};
			snprintf(reply->detail, sizeof reply->detail, "%s",
				 fields[5]);
		}
	}
	arena_free(&arena);
	return good;
}
