// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>
#include <stdbool.h>

/*
 * Memory that lives and dies together: one arena per snapshot of a machine,
 * one per frame of the screen.  Nothing in it is freed alone.  Running out
 * of memory ends the program (err_die), so no result needs a check.
 */
struct arena {
	struct arena_block *head;	/* newest block first */
	size_t used_bytes;		/* handed out, over all blocks */
};

/* Return @size bytes, zeroed, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);

/* Return @count items of @size bytes, zeroed; dies on overflow. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* Return a copy of @len bytes with a NUL behind them. */
char *arena_copy(struct arena *arena, const void *bytes, size_t len);

/* Return a copy of the string @text. */
char *arena_text(struct arena *arena, const char *text);

/* Return the text that the printf format makes. */
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Free every block; the arena is then empty and may be used again. */
void arena_free(struct arena *arena);

/*
 * An array that grows inside an arena: keep {items, count, room} and call
 * this before adding one.  Returns where the array is now; the old place
 * stays allocated until the arena goes.
 */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t *room,
		 size_t item_size);

#endif
