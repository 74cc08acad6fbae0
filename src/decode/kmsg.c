// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's log, in whatever form it was kept, as lines without their
 * stamps.  What the lines say is read in kmsg_facts.c and by the rules.
 *
 * Documentation/ABI/testing/dev-kmsg; dmesg(1); journalctl(1), -o; RFC 3164.
 */
#include "decode/kmsg.h"

#include <string.h>

#include "base/text.h"

enum {
	LINES_MOST = 1 << 18,
	LINE_BYTES_MOST = 4096,	/* the kernel cuts a record near 1000 */
	HOST_BYTES_MOST = 255,
	BOOT_SECONDS = 5,	/* "Linux version" is older than that */
	LEAD_MOST = 64,		/* lines before "Linux version" */
};

/* What is left of a line. */
struct rest {
	const char *at, *end;
};

/* The log in the making. */
struct draft {
	struct arena *arena;
	struct log_line *lines;
	size_t count, room;
	bool booted;		/* the first line of a boot was seen */
	bool stamped;		/* lines have times since boot */
	bool records;		/* …and are /dev/kmsg's */
	const char *host;	/* that the lines name before the program */
	size_t host_len;
};

static bool starts(struct rest rest, const char *with)
{
	size_t len = strlen(with);

	return (size_t)(rest.end - rest.at) >= len &&
	       memcmp(rest.at, with, len) == 0;
}

static bool skip(struct rest *rest, const char *text)
{
	if (!starts(*rest, text))
		return false;
	rest->at += strlen(text);
	return true;
}

/* Blanks before the line, and what mail puts before lines it answers to. */
static void skip_quotes(struct rest *rest)
{
	struct rest ahead = *rest;

	while (ahead.at < ahead.end && strchr(" \t>|", *ahead.at))
		ahead.at++;
	if (starts(ahead, "[") || starts(ahead, "<"))
		*rest = ahead;
}

static void skip_blanks(struct rest *rest)
{
	while (rest->at < rest->end && *rest->at == ' ')
		rest->at++;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool take_number(struct rest *rest, uint64_t *value)
{
	const char *start = rest->at;
	uint64_t sum = 0;

	for (; rest->at < rest->end && is_digit(*rest->at); rest->at++) {
		if (sum > (UINT64_MAX - 9) / 10)
			return false;
		sum = sum * 10 + (uint64_t)(*rest->at - '0');
	}
	*value = sum;
	return rest->at > start;
}

/* Whether @rest begins as @shape does: 0 stands for a digit, A for a letter,
 * _ for a digit or a blank, anything else for itself. */
static bool has_shape(struct rest rest, const char *shape)
{
	for (; *shape; shape++, rest.at++) {
		if (rest.at == rest.end)
			return false;
		char c = *rest.at;
		bool fits = *shape == '0' ? is_digit(c) :
			    *shape == 'A' ? is_letter(c) :
			    *shape == '_' ? is_digit(c) || c == ' ' :
					    c == *shape;
		if (!fits)
			return false;
	}
	return true;
}

/* "6,12,345,-;text" */
static bool take_record(struct draft *draft, struct rest *rest, uint64_t *usec)
{
	struct rest ahead = *rest;
	uint64_t level, sequence;

	if (!take_number(&ahead, &level) || !skip(&ahead, ",") ||
	    !take_number(&ahead, &sequence) || !skip(&ahead, ",") ||
	    !take_number(&ahead, usec) || !skip(&ahead, ","))
		return false;
	const char *text = memchr(ahead.at, ';', (size_t)(ahead.end -
							  ahead.at));
	if (!text)
		return false;
	rest->at = text + 1;
	draft->stamped = draft->records = true;
	return true;
}

/* "<6>" */
static void skip_priority(struct rest *rest)
{
	struct rest ahead = *rest;
	uint64_t priority;

	if (skip(&ahead, "<") && take_number(&ahead, &priority) &&
	    skip(&ahead, ">"))
		*rest = ahead;
}

/* "kern  :info  : ", as dmesg -x prints it */
static void skip_facility(struct rest *rest)
{
	static const char *const levels[] = {
		"emerg", "alert", "crit", "err", "warn", "notice", "info",
		"debug",
	};
	struct rest ahead = *rest;

	while (ahead.at < ahead.end && is_letter(*ahead.at))
		ahead.at++;
	if (ahead.at == rest->at)
		return;
	skip_blanks(&ahead);
	if (!skip(&ahead, ":"))
		return;
	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
		struct rest behind = ahead;

		if (!skip(&behind, levels[i]))
			continue;
		skip_blanks(&behind);
		if (skip(&behind, ": ")) {
			*rest = behind;
			return;
		}
	}
}

/* "    0.000000" in brackets; dmesg -d has a difference behind it. */
static bool take_seconds(struct rest *rest, uint64_t *usec)
{
	uint64_t seconds, fraction = 0;
	unsigned digits = 0;

	skip_blanks(rest);
	if (!take_number(rest, &seconds) || seconds > UINT32_MAX ||
	    !skip(rest, "."))
		return false;
	for (; rest->at < rest->end && is_digit(*rest->at); rest->at++)
		if (digits++ < 6)
			fraction = fraction * 10 + (uint64_t)(*rest->at - '0');
	for (; digits < 6; digits++)
		fraction *= 10;
	*usec = seconds * 1000000 + fraction;
	return true;
}

/* "[  +0.000012]", what dmesg -e puts before lines of the same minute. */
static bool is_step(struct rest inside)
{
	skip_blanks(&inside);
	return inside.end - inside.at > 2 && *inside.at == '+' &&
	       is_digit(inside.at[1]);
}

/* "[    0.000000] ", with the caller "[    T1]" where the kernel prints it,
 * dmesg -T's "[Sat Nov 22 10:00:00 2025] " or -e's "[Nov22 10:00] ". */
static bool take_stamp(struct draft *draft, struct rest *rest, uint64_t *usec)
{
	struct rest ahead = *rest;

	if (!skip(&ahead, "["))
		return false;
	const char *close = memchr(ahead.at, ']', (size_t)(ahead.end -
							   ahead.at));
	if (!close)
		return false;
	struct rest inside = { ahead.at, close }, number = inside;
	if (take_seconds(&number, usec))
		draft->stamped = true;
	else if (!has_shape(ahead, "AAA AAA _0 00:00:00 0000]") &&
		 !has_shape(ahead, "AAA_0 00:00]") && !is_step(inside))
		return false;
	rest->at = close + 1;
	skip(rest, " ");
	return true;
}

static void skip_caller(struct rest *rest)
{
	struct rest ahead = *rest;
	uint64_t id;

	if (!skip(&ahead, "["))
		return;
	skip_blanks(&ahead);
	if ((skip(&ahead, "T") || skip(&ahead, "C")) &&
	    take_number(&ahead, &id) && skip(&ahead, "]")) {
		*rest = ahead;
		skip(rest, " ");
	}
}

static bool is_host_letter(char c)
{
	return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
}

static bool take_host(struct rest *rest, struct rest *host)
{
	*host = (struct rest){ rest->at, rest->at };
	while (rest->at < rest->end && is_host_letter(*rest->at))
		rest->at++;
	host->end = rest->at;
	return host->end > host->at &&
	       host->end - host->at <= HOST_BYTES_MOST && skip(rest, " ");
}

/* Dates of syslog, and of journalctl -o short-iso, -full and -unix; a zone
 * may follow as a word. */
static const struct {
	const char *shape;
	bool zone;
} dates[] = {
	{ "AAA _0 00:00:00", false },
	{ "0000-00-00T00:00:00", false },
	{ "AAA 0000-00-00 00:00:00", true },
	{ "0000000000.000000 ", false },
};

static bool skip_word(struct rest *rest)
{
	while (rest->at < rest->end && *rest->at != ' ')
		rest->at++;
	return skip(rest, " ");
}

/* A date; *dmesg when it is what dmesg --time-format=iso prints, with a comma
 * and no host. */
static bool skip_date(struct rest *rest, bool *dmesg)
{
	struct rest ahead = *rest;
	size_t i = 0;

	*dmesg = false;
	while (i < sizeof dates / sizeof *dates &&
	       !has_shape(ahead, dates[i].shape))
		i++;
	if (i == sizeof dates / sizeof *dates)
		return false;
	ahead.at += strlen(dates[i].shape);
	if (ahead.at[-1] == ' ')
		ahead.at--;
	*dmesg = starts(ahead, ",");
	if (!skip_word(&ahead) || (dates[i].zone && !skip_word(&ahead)))
		return false;
	*rest = ahead;
	return true;
}

/* "host kernel: ".  False when the line is another program's. */
static bool take_sender(struct draft *draft, struct rest *rest, bool dated)
{
	struct rest ahead = *rest, host;

	if (!take_host(&ahead, &host))
		return true;
	if (skip(&ahead, "kernel: ")) {
		draft->host = host.at;
		draft->host_len = (size_t)(host.end - host.at);
		*rest = ahead;
		return true;
	}
	if (dated)
		return false;
	/* Without a date only a host seen before the kernel's own lines tells
	 * "host systemd[1]:" from the kernel's words. */
	return !draft->host ||
	       draft->host_len != (size_t)(host.end - host.at) ||
	       memcmp(draft->host, host.at, draft->host_len) != 0;
}

/* Cut off everything before the kernel's words; false when they are not the
 * kernel's. */
static bool strip(struct draft *draft, struct rest *rest, uint64_t *usec)
{
	bool dmesg, dated, stamped;

	/* Dictionary lines of a record, and journalctl's own. */
	if ((draft->records && starts(*rest, " ")) || starts(*rest, "-- "))
		return false;
	if (take_record(draft, rest, usec))
		return true;
	skip_quotes(rest);
	skip_priority(rest);
	skip_facility(rest);
	dated = skip_date(rest, &dmesg) && !dmesg;
	stamped = take_stamp(draft, rest, usec);
	if (stamped)
		skip_caller(rest);
	if ((dated || stamped) && !take_sender(draft, rest, dated))
		return false;
	if (dated && take_stamp(draft, rest, usec))
		skip_caller(rest);
	return true;
}

/*
 * A log file may hold several boots: keep only the last, and with it what
 * some architectures say before their first line.
 */
static void forget_earlier_boots(struct draft *draft)
{
	size_t lead = 0;

	while (draft->stamped && lead < draft->count && lead < LEAD_MOST &&
	       draft->lines[draft->count - 1 - lead].usec == 0)
		lead++;
	if (lead && lead < draft->count)
		memmove(draft->lines, draft->lines + draft->count - lead,
			lead * sizeof *draft->lines);
	draft->count = lead;
	draft->booted = true;
}

static void add(struct draft *draft, struct rest rest, uint64_t usec)
{
	size_t len = (size_t)(rest.end - rest.at);

	if (starts(rest, "Linux version ") &&
	    usec < BOOT_SECONDS * 1000000ull)
		forget_earlier_boots(draft);
	if (draft->count == LINES_MOST)
		return;
	draft->lines = arena_grow(draft->arena, draft->lines, draft->count,
				  &draft->room, sizeof *draft->lines);
	draft->lines[draft->count++] = (struct log_line){
		.usec = usec,
		.text = text_safe(draft->arena, rest.at,
				  len < LINE_BYTES_MOST ? len :
							  LINE_BYTES_MOST),
	};
}

/* Copy a line without what colours it on a terminal: "ESC [ 32 m". */
static struct rest without_colours(struct draft *draft, struct rest rest)
{
	char *copy = arena_alloc(draft->arena,
				 (size_t)(rest.end - rest.at) + 1);
	size_t len = 0;

	while (rest.at < rest.end) {
		struct rest ahead = rest;
		if (skip(&ahead, "\033[")) {
			while (ahead.at < ahead.end &&
			       (is_digit(*ahead.at) || *ahead.at == ';'))
				ahead.at++;
			if (skip(&ahead, "m") || skip(&ahead, "K")) {
				rest = ahead;
				continue;
			}
		}
		copy[len++] = *rest.at++;
	}
	return (struct rest){ copy, copy + len };
}

void kmsg_parse(struct arena *arena, const char *text, size_t len,
		struct log *out)
{
	struct draft draft = { .arena = arena };
	const char *at = text, *line;
	size_t line_len;

	while (text_line(&at, text + len, &line, &line_len)) {
		struct rest rest = { line, line + line_len };
		uint64_t usec = 0;

		if (line_len && rest.end[-1] == '\r')
			rest.end--;
		if (memchr(line, '\033', line_len))
			rest = without_colours(&draft, rest);
		if (strip(&draft, &rest, &usec))
			add(&draft, rest, usec);
	}
	out->lines = draft.lines;
	out->count = draft.count;
	out->begun = draft.booted && !kmsg_is_excerpt(out);
	out->complete = out->begun && kmsg_is_past_start(out);
}
