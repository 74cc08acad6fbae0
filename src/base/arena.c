// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Arena memory.  It is not a general allocator: nothing is freed alone.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

/* Most arenas hold a few names for a moment, and what is not used is cleared
 * all the same: they begin small, and each block is twice the one before. */
enum { FIRST_BYTES = 2 * 1024, BLOCK_BYTES = 64 * 1024 };

struct arena_block {
	struct arena_block *next;
	size_t used;
	size_t room;
	alignas(max_align_t) char bytes[];
};

static struct arena_block *add_block(struct arena *arena, size_t need)
{
	size_t room = arena->head ? arena->head->room * 2 : FIRST_BYTES;

	if (room > BLOCK_BYTES)
		room = BLOCK_BYTES;
	if (room < need)
		room = need;
	if (room > SIZE_MAX - sizeof(struct arena_block))
		err_die("memory: a request for %zu bytes is too large", need);
	struct arena_block *block = calloc(1, sizeof *block + room);
	if (!block)
		err_die("memory: %zu bytes could not be had", room);
	block->room = room;
	/* A large request gets a block of its own, behind the current one. */
	if (need > BLOCK_BYTES / 4 && arena->head) {
		block->next = arena->head->next;
		arena->head->next = block;
	} else {
		block->next = arena->head;
		arena->head = block;
	}
	return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);

	if (size > SIZE_MAX - align)
		err_die("memory: a request for %zu bytes is too large", size);
	size = (size + align - 1) / align * align;
	struct arena_block *block = arena->head;
	if (!block || block->room - block->used < size)
		block = add_block(arena, size);
	void *result = block->bytes + block->used;
	block->used += size;
	arena->used_bytes += size;
	return result;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		err_die("memory: %zu items of %zu bytes are too many",
			count, size);
	return arena_alloc(arena, count * size);
}

char *arena_copy(struct arena *arena, const void *bytes, size_t len)
{
	char *copy = arena_alloc(arena, len + 1);

	if (len)
		memcpy(copy, bytes, len);
	return copy;
}

char *arena_text(struct arena *arena, const char *text)
{
	return arena_copy(arena, text, strlen(text));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args, again;

	va_start(args, format);
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		err_die("text: a format could not be printed");
	char *text = arena_alloc(arena, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, format, again);
	va_end(again);
	return text;
}

void arena_free(struct arena *arena)
{
	for (struct arena_block *block = arena->head, *next; block;
	     block = next) {
		next = block->next;
		free(block);
	}
	*arena = (struct arena){0};
}

void *arena_grow(struct arena *arena, void *items, size_t count, size_t *room,
		 size_t item_size)
{
	if (count < *room)
		return items;
	size_t more = *room ? *room * 2 : 16;
	void *bigger = arena_array(arena, more, item_size);
	if (count)
		memcpy(bigger, items, count * item_size);
	*room = more;
	return bigger;
}
