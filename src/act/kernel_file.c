// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The part of the model that is files of configuration, as far as a reading
 * tells what stands in them.  What a boot loader makes of them is not known.
 */
#include <errno.h>
#include <string.h>

#include "act/kernel_part.h"
#include "base/text.h"

#define GRUB "/etc/default/grub"
#define CMDLINE "/etc/kernel/cmdline"
#define OVERRIDES "/etc/driverctl.d/"

static struct part_file *find_file(const struct kernel *kernel,
				   const char *path)
{
	for (unsigned i = 0; i < kernel->file_count; i++)
		if (strcmp(kernel->files[i].path, path) == 0)
			return &kernel->files[i];
	return NULL;
}

static struct part_file *add_file(struct kernel *kernel, const char *path)
{
	struct part_file *file = find_file(kernel, path);

	if (file)
		return file;
	kernel->files = arena_grow(kernel->arena, kernel->files,
				   kernel->file_count, &kernel->file_room,
				   sizeof *kernel->files);
	file = &kernel->files[kernel->file_count++];
	*file = (struct part_file){ arena_text(kernel->arena, path), NULL };
	return file;
}

static void add_line(struct kernel *kernel, const char *path, const char *line)
{
	struct part_file *file = add_file(kernel, path);

	file->text = file->text ? arena_printf(kernel->arena, "%s\n%s",
					       file->text, line) :
				  arena_text(kernel->arena, line);
}

void file_make(struct kernel *kernel)
{
	const struct host *host = &kernel->system->host;

	if (host->grub_line.known == KNOWN)
		add_line(kernel, GRUB, host->grub_line.value);
	if (host->kernel_line.known == KNOWN)
		add_line(kernel, CMDLINE, host->kernel_line.value);
	for (unsigned i = 0; i < host->override_count; i++)
		add_line(kernel, host->overrides[i].source,
			 host->overrides[i].text);
	for (unsigned i = 0; i < host->modprobe_count; i++)
		add_line(kernel, host->modprobe[i].source,
			 host->modprobe[i].text);
}

/* Return where @line stands in @text as a line, or NULL. */
static const char *find_line(const char *text, const char *wanted)
{
	const char *end = text + strlen(text), *line;
	size_t len, wanted_len = strlen(wanted);

	while (text_line(&text, end, &line, &len))
		if (len == wanted_len && memcmp(line, wanted, len) == 0)
			return line;
	return NULL;
}

int file_do(struct kernel *kernel, const struct step *step)
{
	struct part_file *file = add_file(kernel, step->path);

	if (step->expect.kind == EXPECT_GONE) {
		file->text = NULL;
	} else if (step->expect.kind == EXPECT_FILE) {
		file->text = arena_text(kernel->arena, step->value);
	} else {
		const char *text = file->text ? file->text : "";
		const char *line = find_line(text, step->before.value);
		if (!line)
			return ESTALE;
		file->text = arena_printf(kernel->arena, "%.*s%s%s",
					  (int)(line - text), text,
					  step->value,
					  line + strlen(step->before.value));
	}
	return 0;
}

bool file_look(const struct kernel *kernel, const struct expect *expect)
{
	const struct part_file *file = find_file(kernel, expect->path);
	const char *text = file ? file->text : NULL;

	switch (expect->kind) {
	case EXPECT_GONE:
		return !text;
	case EXPECT_FILE:
		return text && strcmp(text, expect->value) == 0;
	default:
		return text && find_line(text, expect->value);
	}
}

struct config_lines {
	struct config_line *items;
	unsigned count;
	size_t room;
};

static void take_lines(const struct part_file *file, struct arena *arena,
		       struct config_lines *lines)
{
	const char *at = file->text, *line;
	const char *end = at + strlen(at);
	size_t len;

	while (text_line(&at, end, &line, &len)) {
		lines->items = arena_grow(arena, lines->items, lines->count,
					  &lines->room, sizeof *lines->items);
		lines->items[lines->count++] = (struct config_line){
			arena_text(arena, file->path),
			arena_copy(arena, line, len) };
	}
}

/* Every file below @folder, as lines. */
static struct config_lines lines_of(const struct kernel *kernel,
				    const char *folder, struct arena *arena)
{
	struct config_lines lines = {0};

	for (unsigned i = 0; i < kernel->file_count; i++)
		if (kernel->files[i].text &&
		    text_starts(kernel->files[i].path, folder))
			take_lines(&kernel->files[i], arena, &lines);
	return lines;
}

static void copy_line(const struct kernel *kernel, const char *path,
		      struct fact_text *fact, struct arena *arena)
{
	const struct part_file *file = find_file(kernel, path);

	if (file && file->text && fact->known == KNOWN)
		fact->value = arena_copy(arena, file->text,
					 strcspn(file->text, "\n"));
}

/* Files of modprobe.d stand in several folders; what is none of the others'
 * is one of these. */
static bool is_modprobe(const char *path)
{
	return strstr(path, "/modprobe.d/") != NULL;
}

static struct config_lines modprobe_of(const struct kernel *kernel,
				       struct arena *arena)
{
	struct config_lines lines = {0};

	for (unsigned i = 0; i < kernel->file_count; i++)
		if (kernel->files[i].text &&
		    is_modprobe(kernel->files[i].path))
			take_lines(&kernel->files[i], arena, &lines);
	return lines;
}

void file_result(const struct kernel *kernel, struct system *result,
		 struct arena *arena)
{
	struct host *host = &result->host;
	struct config_lines overrides =
		lines_of(kernel, OVERRIDES, arena);
	struct config_lines modprobe = modprobe_of(kernel, arena);

	copy_line(kernel, GRUB, &host->grub_line, arena);
	copy_line(kernel, CMDLINE, &host->kernel_line, arena);
	host->overrides = overrides.items;
	host->override_count = overrides.count;
	if (overrides.count)
		host->overrides_known = KNOWN;
	host->modprobe = modprobe.items;
	host->modprobe_count = modprobe.count;
}
