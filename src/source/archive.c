// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Captures: a tar in, a tree out, and back.  What the files mean is not its
 * business; that a stranger made them is.
 */
#include "source/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

enum {
	MOST_FILE = 32 * 1024 * 1024,	/* a whole kernel log fits well */
	MOST_BYTES = 512 * 1024 * 1024,
	MOST_NODES = 2000000,
	MOST_PATH = 4096,
};

static const char nothing_known[] = "it is neither a directory, a capture "
	"(tar), an lspci dump nor a kernel log";

static bool take_bytes(struct tree *tree, struct node *node,
		       struct archive *archive, const char *path,
		       struct err *err)
{
	struct buf bytes = {0};
	la_ssize_t got;

	do {
		got = archive_read_data(archive, buf_room(&bytes, 65536),
					65536);
		if (got > 0)
			bytes.len += (size_t)got;
	} while (got > 0 && bytes.len <= MOST_FILE);
	if (got < 0)
		err_set(err, "%s ends early or is damaged: %s", path,
			archive_error_string(archive));
	else if (bytes.len > MOST_FILE || tree->bytes > MOST_BYTES)
		err_set(err, "%s is larger than any file of a machine; it is "
			"refused", path);
	else
		tree_fill(tree, node, buf_str(&bytes), bytes.len);
	bool ok = got == 0 && bytes.len <= MOST_FILE &&
		  tree->bytes <= MOST_BYTES;
	buf_free(&bytes);
	return ok;
}

static bool take_entry(struct tree *tree, struct archive *archive,
		       struct archive_entry *entry, struct err *err)
{
	const char *path = archive_entry_pathname(entry);
	struct arena words = {0};
	bool ok = true;

	if (!path || strlen(path) > MOST_PATH ||
	    tree->node_count > MOST_NODES) {
		err_set(err, "it holds a name that is too long, or too many "
			"names");
		return false;
	}
	const char *shown = text_safe(&words, path, strlen(path));
	unsigned type = archive_entry_filetype(entry);
	enum node_kind kind = type == AE_IFDIR ? NODE_DIR :
			      type == AE_IFLNK ? NODE_LINK : NODE_FILE;
	if (type != AE_IFDIR && type != AE_IFLNK && type != AE_IFREG)
		goto out;	/* pipes and devices are nothing to read */
	struct node *node = tree_path(tree, path, kind);
	if (!node) {
		err_set(err, "it holds the name %s, which no machine has; it "
			"is refused", shown);
		ok = false;
	} else if (node->kind == NODE_FILE && kind == NODE_FILE) {
		ok = take_bytes(tree, node, archive, shown, err);
	} else if (node->kind == NODE_LINK && kind == NODE_LINK) {
		const char *target = archive_entry_symlink(entry);
		if (target && strlen(target) <= MOST_PATH)
			tree_fill(tree, node, target, strlen(target));
	}
out:
	arena_free(&words);
	return ok;
}

bool archive_load(struct tree *tree, const char *bytes, size_t len,
		  const char *name, struct err *err)
{
	struct archive *archive = archive_read_new();
	struct archive_entry *entry;
	bool ok = false, any = false;
	int result;

	archive_read_support_filter_all(archive);
	archive_read_support_format_tar(archive);
	if (archive_read_open_memory(archive, bytes, len) != ARCHIVE_OK) {
		err_set(err, "%s", nothing_known);
		goto out;
	}
	for (;;) {
		result = archive_read_next_header(archive, &entry);
		if (result == ARCHIVE_EOF) {
			ok = any;
			if (!any)
				err_set(err, "it is empty");
			break;
		}
		if (result < ARCHIVE_WARN) {
			if (any)
				err_set(err, "it ends early or is damaged: %s",
					archive_error_string(archive));
			else
				err_set(err, "%s", nothing_known);
			break;
		}
		any = true;
		if (!take_entry(tree, archive, entry, err))
			break;
	}
out:
	archive_read_free(archive);
	if (!ok)
		err_prefix(err, "%s cannot be read", name);
	return ok;
}

bool archive_unpack(const char *bytes, size_t len, struct buf *out)
{
	struct archive *archive = archive_read_new();
	struct archive_entry *entry;
	la_ssize_t got = -1;

	buf_reset(out);
	archive_read_support_filter_all(archive);
	archive_read_support_format_raw(archive);
	if (archive_read_open_memory(archive, bytes, len) == ARCHIVE_OK &&
	    archive_read_next_header(archive, &entry) == ARCHIVE_OK)
		do {
			got = archive_read_data(archive, buf_room(out, 65536),
						65536);
			if (got > 0)
				out->len += (size_t)got;
		} while (got > 0 && out->len <= MOST_FILE);
	archive_read_free(archive);
	return got == 0;
}

/* --- in pieces --- */

struct stream {
	const struct archive_ways *ways;
	char room[65536];
};

static la_ssize_t feed(struct archive *archive, void *context,
		       const void **bytes)
{
	struct stream *stream = context;
	long got = stream->ways->feed(stream->ways->context, stream->room,
				      sizeof stream->room);

	*bytes = stream->room;
	if (got < 0)
		archive_set_error(archive, EIO, "%s", strerror(EIO));
	return got;
}

/* Where libarchive lacks one of them it would start a program instead: such
 * a filter is left out. */
static void know_filters(struct archive *archive)
{
	static int (*const filters[])(struct archive *archive) = {
		archive_read_support_filter_gzip,
		archive_read_support_filter_bzip2,
		archive_read_support_filter_lzma,
		archive_read_support_filter_xz,
		archive_read_support_filter_lz4,
		archive_read_support_filter_zstd,
		archive_read_support_filter_lzop,
	};
	struct archive *trial = archive_read_new();

	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
		if (filters[i](trial) == ARCHIVE_OK)
			filters[i](archive);
	archive_read_free(trial);
}

static enum archive_end run_stream(struct archive *archive,
				   const struct archive_ways *ways)
{
	struct archive_entry *entry;
	char room[65536];
	la_ssize_t got;

	if (archive_read_next_header(archive, &entry) != ARCHIVE_OK)
		return ARCHIVE_DAMAGED;
	/* The last filter is the bytes themselves. */
	if (archive_filter_count(archive) < 2)
		return ARCHIVE_UNKNOWN;
	while ((got = archive_read_data(archive, room, sizeof room)) > 0)
		if (!ways->take(ways->context, room, (size_t)got))
			return ARCHIVE_ENOUGH;
	return got == 0 ? ARCHIVE_WHOLE : ARCHIVE_DAMAGED;
}

enum archive_end archive_stream(const struct archive_ways *ways,
				uint64_t *used)
{
	struct stream stream = { .ways = ways };
	struct archive *archive = archive_read_new();
	enum archive_end end = ARCHIVE_DAMAGED;

	know_filters(archive);
	archive_read_support_format_raw(archive);
	if (archive_read_open(archive, &stream, NULL, feed, NULL) ==
	    ARCHIVE_OK)
		end = run_stream(archive, ways);
	la_int64_t taken = archive_filter_bytes(archive, -1);
	*used = taken > 0 ? (uint64_t)taken : 0;
	archive_read_free(archive);
	return end;
}

/* --- writing --- */

static void choose_filter(struct archive *archive, const char *path)
{
	if (text_ends(path, ".tar"))
		archive_write_add_filter_none(archive);
	else if (text_ends(path, ".gz") || text_ends(path, ".tgz"))
		archive_write_add_filter_gzip(archive);
	else if (text_ends(path, ".xz"))
		archive_write_add_filter_xz(archive);
	else if (archive_write_add_filter_zstd(archive) != ARCHIVE_OK)
		archive_write_add_filter_gzip(archive);
}

static bool put_node(struct archive *archive, struct archive_entry *entry,
		     const struct node *node, struct buf *path)
{
	size_t len = path->len;

	if (node->kind == NODE_PROBLEM)
		return true;
	if (node->parent != node) {
		if (len)
			buf_putc(path, '/');
		buf_puts(path, node->name);
		archive_entry_clear(entry);
		archive_entry_set_pathname(entry, buf_str(path));
		archive_entry_set_mtime(entry, 0, 0);
		archive_entry_set_perm(entry, node->kind == NODE_FILE ? 0644 :
								       0755);
		archive_entry_set_filetype(entry,
			node->kind == NODE_DIR ? AE_IFDIR :
			node->kind == NODE_LINK ? AE_IFLNK : AE_IFREG);
		if (node->kind == NODE_LINK)
			archive_entry_set_symlink(entry, node->bytes);
		if (node->kind == NODE_FILE)
			archive_entry_set_size(entry, (la_int64_t)node->len);
		if (archive_write_header(archive, entry) < ARCHIVE_WARN)
			return false;
		if (node->kind == NODE_FILE && node->len &&
		    archive_write_data(archive, node->bytes, node->len) < 0)
			return false;
	}
	for (const struct node *child = node->first; child;
	     child = child->next)
		if (!put_node(archive, entry, child, path))
			return false;
	path->len = len;
	if (path->data)
		path->data[len] = '\0';
	return true;
}

bool archive_write(const struct tree *tree, const char *path,
		   struct err *err)
{
	struct archive *archive = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	struct buf name = {0}, part = {0};
	bool stdout_wanted = strcmp(path, "-") == 0;
	bool ok;

	archive_write_set_format_pax_restricted(archive);
	choose_filter(archive, path);
	archive_write_set_bytes_in_last_block(archive, 1);
	buf_printf(&part, "%s.part", path);
	ok = (stdout_wanted ?
		      archive_write_open_fd(archive, STDOUT_FILENO) :
		      archive_write_open_filename(archive, buf_str(&part))) ==
	     ARCHIVE_OK;
	ok = ok && put_node(archive, entry, tree->root, &name);
	ok = archive_write_close(archive) == ARCHIVE_OK && ok;
	if (!ok)
		err_set(err, "The capture %s cannot be written: %s.", path,
			archive_error_string(archive) ?
				archive_error_string(archive) :
				strerror(errno));
	if (ok && !stdout_wanted && rename(buf_str(&part), path)) {
		err_set(err, "The capture cannot be named %s: %s.", path,
			strerror(errno));
		ok = false;
	}
	if (!ok && !stdout_wanted)
		unlink(buf_str(&part));
	archive_entry_free(entry);
	archive_write_free(archive);
	buf_free(&name);
	buf_free(&part);
	return ok;
}
