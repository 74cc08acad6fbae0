// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef BASE_ERR_H
#define BASE_ERR_H

/*
 * One sentence for a person: what, where, why, what to do.  A function that
 * can fail returns bool (or a pointer) and takes a struct err last; it fills
 * it once, where it happened.
 */
struct err {
	char text[480];
};

/* Set the sentence; an @err of NULL is allowed and forgets it. */
void err_set(struct err *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Put "prefix: " before what is already there. */
void err_prefix(struct err *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * End the program with exit status 70 after calling the hook, which gives
 * the terminal back.  Only for broken invariants and lack of memory.
 */
_Noreturn void err_die(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* Set what err_die calls first; NULL for nothing. */
void err_on_die(void (*hook)(void));

#endif
