// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The screen door: copies a canvas to curses and turns keys into strokes.  No
 * other file of this program includes curses, and this one draws nothing of
 * its own.
 *
 * Source: curses(3X), curs_getcchar(3X), curs_mouse(3X); XTerm Control
 * Sequences, "Manipulate Selection Data" (OSC 52).
 */
#include "tui/term.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "view/sign.h"

static bool is_open, is_suspended;
static bool has_colors_here;
static volatile sig_atomic_t ending;

/* How a role looks: with 256 colours, with 8 or 16, and without any.  The
 * colours are of middle lightness: they are read on dark and on light. */
static const struct {
	short rich, plain;		/* foreground; -1: the terminal's own */
	attr_t colored, bare;		/* attributes with and without colour */
} looks[ROLE_COUNT] = {
	[ROLE_TEXT] = { -1, -1, A_NORMAL, A_NORMAL },
	[ROLE_DIM] = { 245, -1, A_NORMAL, A_DIM },
	[ROLE_TITLE] = { -1, -1, A_BOLD, A_BOLD },
	[ROLE_HEADING] = { 68, COLOR_CYAN, A_NORMAL, A_UNDERLINE },
	[ROLE_TAB] = { -1, -1, A_REVERSE | A_BOLD, A_REVERSE | A_BOLD },
	[ROLE_GOOD] = { 71, COLOR_GREEN, A_NORMAL, A_NORMAL },
	[ROLE_WARN] = { 172, COLOR_YELLOW, A_NORMAL, A_BOLD },
	[ROLE_BAD] = { 203, COLOR_RED, A_BOLD, A_BOLD },
	[ROLE_UNKNOWN] = { 133, COLOR_MAGENTA, A_NORMAL, A_UNDERLINE },
	[ROLE_KEY] = { 68, COLOR_CYAN, A_BOLD, A_BOLD },
	[ROLE_BORDER] = { 240, COLOR_BLUE, A_NORMAL, A_DIM },
	[ROLE_ADDRESS] = { 68, COLOR_CYAN, A_NORMAL, A_NORMAL },
	[ROLE_MARKED] = { 172, COLOR_YELLOW, A_BOLD, A_BOLD | A_REVERSE },
	[ROLE_CHANGED] = { 172, COLOR_YELLOW, A_BOLD, A_BOLD },
};

/* Pair of a role on a ground: 1 + ground * ROLE_COUNT + role. */
static short pair_of(unsigned role, unsigned ground)
{
	return (short)(1 + ground * ROLE_COUNT + role);
}

static void make_pairs(void)
{
	bool rich = COLORS >= 256;
	static const short grounds_rich[GROUND_COUNT] = {
		[GROUND_PLAIN] = -1, [GROUND_BAND] = 236,
		[GROUND_SELECTED] = 24,
	};
	static const short grounds_plain[GROUND_COUNT] = {
		[GROUND_PLAIN] = -1, [GROUND_BAND] = -1,
		[GROUND_SELECTED] = -1,
	};

	use_default_colors();
	for (unsigned ground = 0; ground < GROUND_COUNT; ground++)
		for (unsigned role = 0; role < ROLE_COUNT; role++) {
			short front = rich ? looks[role].rich :
					     looks[role].plain;
			/* Light letters on the bar, whatever the theme. */
			if (rich && ground != GROUND_PLAIN && front < 0)
				front = 255;
			init_pair(pair_of(role, ground), front,
				  rich ? grounds_rich[ground] :
					 grounds_plain[ground]);
		}
}

static attr_t attributes(const struct cell *cell, short *pair)
{
	attr_t attr = has_colors_here ? looks[cell->role].colored :
					looks[cell->role].bare;
	bool rich = has_colors_here && COLORS >= 256;

	*pair = has_colors_here ? pair_of(cell->role, cell->ground) : 0;
	if (cell->ground == GROUND_SELECTED)
		attr |= rich ? A_BOLD : A_REVERSE;
	return attr;
}

bool term_is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static void give_back(void)
{
	term_close();
}

static void on_signal(int number)
{
	ending = 1;
	/* A second one does not wait for the loop. */
	signal(number, SIG_DFL);
}

/* A crash must not leave the terminal without echo. */
static void on_crash(int number)
{
	if (is_open && !is_suspended)
		endwin();
	signal(number, SIG_DFL);
	raise(number);
}

static void catch_signals(void)
{
	static const int ends[] = { SIGTERM, SIGHUP, SIGINT };
	static const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL,
				       SIGABRT };
	struct sigaction action = { .sa_handler = on_signal };

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		sigaction(ends[i], &action, NULL);
	action.sa_handler = on_crash;
	action.sa_flags = (int)SA_RESETHAND;
	for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
		sigaction(crashes[i], &action, NULL);
}

/* Whether there is a terminal, and its kind is told. */
static bool is_there(struct err *err)
{
	const char *name = getenv("TERM");

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		err_set(err, _("The text interface wants a terminal; vfiotop "
			       "check prints the findings instead."));
		return false;
	}
	if (!name || !*name) {
		err_set(err, _("TERM is not set, so how to draw on this "
			       "terminal is not known.  Set it, or use "
			       "vfiotop check."));
		return false;
	}
	return true;
}

/* Take the terminal, if its kind is known and can be drawn on. */
static bool take(struct err *err)
{
	const char *name = getenv("TERM");

	if (!newterm(NULL, stdout, stdin)) {
		err_set(err, _("The terminal \"%.40s\" (TERM) is not known "
			       "here.  Set TERM to a known one, such as "
			       "xterm, or use vfiotop check."), name);
		return false;
	}
	/* tigetstr answers (char *)-1 for what is no string at all. */
	const char *cup = tigetstr("cup");
	if (!cup || cup == (char *)-1) {
		endwin();
		err_set(err, _("The terminal \"%.40s\" (TERM) cannot move its "
			       "cursor; vfiotop check prints the findings "
			       "instead."), name);
		return false;
	}
	return true;
}

static bool wants_color(enum term_color color)
{
	const char *no_color = getenv("NO_COLOR");

	if (color == TERM_COLOR_NEVER)
		return false;
	return color == TERM_COLOR_ALWAYS || !no_color || !*no_color;
}

/* What terminals send for these keys where terminfo says another thing of
 * them, as on a serial line with a name that is not quite right.  ECMA-48,
 * xterm's ctlseqs. */
static void know_keys(void)
{
	static const struct {
		const char *sent;
		int key;
	} known[] = {
		{ "\033[A", KEY_UP }, { "\033OA", KEY_UP },
		{ "\033[B", KEY_DOWN }, { "\033OB", KEY_DOWN },
		{ "\033[C", KEY_RIGHT }, { "\033OC", KEY_RIGHT },
		{ "\033[D", KEY_LEFT }, { "\033OD", KEY_LEFT },
		{ "\033[H", KEY_HOME }, { "\033OH", KEY_HOME },
		{ "\033[1~", KEY_HOME }, { "\033[7~", KEY_HOME },
		{ "\033[F", KEY_END }, { "\033OF", KEY_END },
		{ "\033[4~", KEY_END }, { "\033[8~", KEY_END },
		{ "\033[5~", KEY_PPAGE }, { "\033[6~", KEY_NPAGE },
		{ "\033[3~", KEY_DC }, { "\033[Z", KEY_BTAB },
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (key_defined(known[i].sent) == 0)
			define_key(known[i].sent, known[i].key);
}

bool term_open(enum term_color color, struct err *err)
{
	if (!is_there(err) || !take(err))
		return false;
	is_open = true;
	err_on_die(give_back);
	catch_signals();
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	meta(stdscr, TRUE);
	set_escdelay(50);
	know_keys();
	intrflush(stdscr, FALSE);
	mousemask(BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED | BUTTON1_PRESSED |
		  BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	mouseinterval(200);
	has_colors_here = wants_color(color) && has_colors() &&
			  start_color() == OK;
	if (has_colors_here)
		make_pairs();
	return true;
}

/* Where the terminal keeps one screen only, what comes next is written from
 * the last line on. */
static void leave(void)
{
	move(LINES - 1, 0);
	clrtoeol();
	refresh();
	endwin();
}

void term_close(void)
{
	if (!is_open)
		return;
	is_open = false;
	err_on_die(NULL);
	if (!is_suspended)
		leave();
}

void term_suspend(void)
{
	is_suspended = true;
	leave();
}

void term_resume(void)
{
	is_suspended = false;
	clearok(stdscr, TRUE);
	refresh();
}

void term_stop(void)
{
	term_suspend();
	raise(SIGTSTP);
	term_resume();
}

void term_size(unsigned *columns, unsigned *rows)
{
	int height, width;

	getmaxyx(stdscr, height, width);
	*columns = (unsigned)width;
	*rows = (unsigned)height;
}

static void paint_cell(const struct cell *cell, int x, int y)
{
	wchar_t text[3] = { (wchar_t)cell->c, (wchar_t)cell->accent, 0 };
	cchar_t shown;
	short pair;
	attr_t attr = attributes(cell, &pair);

	if (setcchar(&shown, text, attr, pair, NULL) == OK)
		mvadd_wch(y, x, &shown);
}

void term_paint(const struct canvas *canvas)
{
	erase();
	for (unsigned y = 0; y < canvas->rows; y++)
		for (unsigned x = 0; x < canvas->columns; x++) {
			const struct cell *cell =
				&canvas->cells[(size_t)y * canvas->columns + x];
			if (cell->width)
				paint_cell(cell, (int)x, (int)y);
		}
	if (canvas->cursor_x >= 0) {
		curs_set(1);
		move(canvas->cursor_y, canvas->cursor_x);
	} else {
		curs_set(0);
	}
	refresh();
}

static const struct {
	int key, stroke;
} keys[] = {
	{ KEY_UP, STROKE_UP }, { KEY_DOWN, STROKE_DOWN },
	{ KEY_LEFT, STROKE_LEFT }, { KEY_RIGHT, STROKE_RIGHT },
	{ KEY_PPAGE, STROKE_PAGE_UP }, { KEY_NPAGE, STROKE_PAGE_DOWN },
	{ KEY_HOME, STROKE_HOME }, { KEY_END, STROKE_END },
	{ KEY_A1, STROKE_HOME }, { KEY_C1, STROKE_END },
	{ KEY_BTAB, STROKE_BACKTAB }, { KEY_DC, STROKE_DELETE },
	{ KEY_BACKSPACE, STROKE_BACKSPACE }, { KEY_ENTER, STROKE_ENTER },
	{ KEY_F(1), STROKE_F1 }, { KEY_F(5), STROKE_F5 },
	{ KEY_F(10), STROKE_F10 }, { KEY_RESIZE, STROKE_RESIZE },
};

static int take_mouse(struct mouse *mouse)
{
	MEVENT event;

	if (getmouse(&event) != OK)
		return STROKE_NONE;
	mouse->x = event.x;
	mouse->y = event.y;
	if (event.bstate & BUTTON4_PRESSED)
		mouse->act = MOUSE_WHEEL_UP;
	else if (event.bstate & BUTTON5_PRESSED)
		mouse->act = MOUSE_WHEEL_DOWN;
	else if (event.bstate & BUTTON1_DOUBLE_CLICKED)
		mouse->act = MOUSE_DOUBLE;
	else
		mouse->act = MOUSE_CLICK;
	return STROKE_MOUSE;
}

/* In raw mode what would be a signal comes as a letter, so that ^C cannot
 * leave a plan half-way. */
static int letter(wint_t c)
{
	switch (c) {
	case '\n':
		return STROKE_ENTER;
	case 'C' - '@':
		return STROKE_INTERRUPT;
	case 'Z' - '@':
		return STROKE_SUSPEND;
	case 'L' - '@':
		clearok(stdscr, TRUE);
		return STROKE_RESIZE;
	default:
		return (int)c;
	}
}

/* Behind an Escape: the rest of a key that nobody knows here, for its letters
 * are no commands.  False, nothing taken, where the Escape stands alone. */
static bool skip_unknown(void)
{
	wint_t first, c;
	int kind = get_wch(&first);

	if (kind == KEY_CODE_YES)
		ungetch((int)first);
	if (kind != OK)
		return false;
	if ((first != '[' && first != 'O') || get_wch(&c) != OK) {
		unget_wch((wchar_t)first);
		return false;
	}
	while (first == '[' && c >= ' ' && c < '@' && get_wch(&c) == OK)
		;
	return true;
}

int term_key(struct mouse *mouse)
{
	wint_t c;
	int kind = get_wch(&c);

	if (kind == ERR)
		return STROKE_NONE;
	if (kind == OK && c == '[' - '@' && skip_unknown())
		return STROKE_LAST;
	if (kind == OK)
		return letter(c);
	if (c == KEY_MOUSE)
		return take_mouse(mouse);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if ((wint_t)keys[i].key == c)
			return keys[i].stroke;
	return STROKE_LAST;
}

int term_fd(void)
{
	return STDIN_FILENO;
}

bool term_is_ending(void)
{
	return ending;
}

static void add_base64(struct buf *out, const char *text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz"
				     "0123456789+/";
	size_t len = strlen(text);

	for (size_t i = 0; i < len; i += 3) {
		uint32_t three = (uint32_t)(uint8_t)text[i] << 16;
		if (i + 1 < len)
			three |= (uint32_t)(uint8_t)text[i + 1] << 8;
		if (i + 2 < len)
			three |= (uint8_t)text[i + 2];
		buf_putc(out, digits[three >> 18]);
		buf_putc(out, digits[three >> 12 & 63]);
		buf_putc(out, i + 1 < len ? digits[three >> 6 & 63] : '=');
		buf_putc(out, i + 2 < len ? digits[three & 63] : '=');
	}
}

void term_copy(const char *text)
{
	struct buf out = {0};

	buf_puts(&out, "\033]52;c;");
	add_base64(&out, text);
	buf_puts(&out, "\a");
	/* Past curses: no cell of the screen shows it. */
	fwrite(out.data, 1, out.len, stdout);
	fflush(stdout);
	buf_free(&out);
}
