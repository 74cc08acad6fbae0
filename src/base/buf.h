// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>

/* Bytes that grow.  Starts as {0}; buf_free gives them back. */
struct buf {
	char *data;	/* NUL behind the last byte once anything was added */
	size_t len;	/* bytes, the NUL not counted */
	size_t room;
};

/* Add bytes, a string, one byte, formatted text. */
void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_puts(struct buf *buf, const char *text);
void buf_putc(struct buf *buf, char byte);
void buf_printf(struct buf *buf, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Make room for @more bytes behind the end and return where they go;
 * the caller adds to len what it filled. */
char *buf_room(struct buf *buf, size_t more);

/* Return the text so far, "" for an empty buffer; valid until it grows. */
const char *buf_str(const struct buf *buf);

/* Return where the text of buf_str ends. */
const char *buf_end(const struct buf *buf);

/* Forget the content, keep the memory. */
void buf_reset(struct buf *buf);

void buf_free(struct buf *buf);

#endif
