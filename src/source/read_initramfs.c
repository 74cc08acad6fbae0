// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finds the initramfs of the kernel that runs and reads what was kept of it:
 * modprobe.d, what it is told to load and when, the names of its modules.
 *
 * Source: initramfs-tools, init and scripts/functions; dracut.cmdline(7),
 * dracut-pre-udev.sh; mkinitcpio(8); kernel-install(8); systemd-stub(7);
 * systemd-modules-load.service(8).
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "source/initramfs.h"
#include "source/read_lines.h"

/* --- which image --- */

/* The search, while it goes on. */
struct hunt {
	struct reader *reader;
	struct arena names;
	struct initramfs *initramfs;
	const char *release;	/* of the kernel that runs */
	enum known known;	/* the worst answer so far */
};

static bool is_program(const char *name)
{
	size_t len = strlen(name);

	return len > 4 && strcasecmp(name + len - 4, ".efi") == 0;
}

/* Whether @path is an image, and now read or known to be denied. */
static bool try_image(struct hunt *hunt, const char *path)
{
	struct root *root = hunt->reader->root;
	uint64_t size;

	while (*path == '/')
		path++;
	enum known known = root_size(root, NULL, path, &size);
	/* Another kernel may have been started since, by kexec. */
	if (known == KNOWN && is_program(path) &&
	    root_initramfs_is_for(root, path, hunt->release) == ABSENT)
		known = ABSENT;
	if (known == KNOWN)
		known = root_initramfs(root, path);
	if (known == ABSENT || known == UNREAD) {
		if (hunt->known == ABSENT)
			hunt->known = known;
		return false;
	}
	hunt->known = known;
	hunt->initramfs->image =
		arena_printf(hunt->reader->arena, "/%s", path);
	return true;
}

static void deny(struct hunt *hunt, const char *path)
{
	hunt->known = DENIED;
	hunt->initramfs->image =
		arena_printf(hunt->reader->arena, "/%s", path);
}

static bool try_below(struct hunt *hunt, const char *path)
{
	/* Where the boot loader's file systems are mounted. */
	static const char *const tops[] = { "", "boot", "efi", "boot/efi" };

	for (size_t i = 0; i < sizeof tops / sizeof *tops; i++)
		if (try_image(hunt, arena_printf(&hunt->names, "%s/%s",
						 tops[i], path)))
			return true;
	return false;
}

/* initrd=\EFI\arch\initramfs-linux.img; the last one, for those before are
 * microcode. */
static bool by_parameter(struct hunt *hunt)
{
	const char *value = system_parameter(hunt->reader->system, "initrd");

	if (!value || !*value)
		return false;
	char *path = arena_text(&hunt->names, value);
	for (char *at = path; *at; at++)
		*at = *at == '\\' ? '/' : *at;
	return try_below(hunt, path + strspn(path, "/"));
}

/* The names that distributions give, by the kernel's release. */
static bool by_release(struct hunt *hunt)
{
	static const char *const forms[][2] = {
		{ "boot/initrd.img-", "" },
		{ "boot/initramfs-", ".img" },
		{ "boot/initrd-", "" },
		{ "boot/initrd-", ".img" },
		{ "boot/initramfs-", "" },
		{ "lib/modules/", "/initrd" },
		{ "lib/modules/", "/initramfs.img" },
	};

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (try_image(hunt, arena_printf(&hunt->names, "%s%s%s",
						 forms[i][0], hunt->release,
						 forms[i][1])))
			return true;
	return false;
}

/* Beside the kernel: BOOT_IMAGE=(hd0,gpt3)/ostree/fedora-4f/vmlinuz-6.8.5 */
static bool by_kernel(struct hunt *hunt)
{
	const char *value = system_parameter(hunt->reader->system,
					     "BOOT_IMAGE");

	if (!value)
		return false;
	if (*value == '(')
		value += strcspn(value, ")") + (strchr(value, ')') != NULL);
	const char *slash = strrchr(value, '/');
	if (!slash || slash == value)
		return false;
	const char *folder = arena_copy(&hunt->names, value + 1,
					(size_t)(slash - value - 1));
	return try_below(hunt, arena_printf(&hunt->names,
					    "%s/initramfs-%s.img", folder,
					    hunt->release)) ||
	       try_below(hunt, arena_printf(&hunt->names, "%s/initrd.img-%s",
					    folder, hunt->release));
}

/* Arch names a kernel by its package: /boot/initramfs-linux-zen.img */
static bool by_package(struct hunt *hunt)
{
	struct fact_text package = read_text(
		hunt->reader, NULL,
		arena_printf(&hunt->names, "lib/modules/%s/pkgbase",
			     hunt->release));

	return package.known == KNOWN &&
	       (try_image(hunt, arena_printf(&hunt->names,
					     "boot/initramfs-%s.img",
					     package.value)) ||
		try_below(hunt, arena_printf(&hunt->names, "initramfs-%s.img",
					     package.value)));
}

/* systemd's kernel-install: /efi/MACHINE-ID/6.8.5/initrd */
static bool by_machine(struct hunt *hunt)
{
	struct fact_text id = read_text(hunt->reader, NULL, "etc/machine-id");

	return id.known == KNOWN && id.value[0] &&
	       try_below(hunt, arena_printf(&hunt->names, "%s/%s/initrd",
					    id.value, hunt->release));
}

/* A variable that systemd's loader or stub leaves: four bytes of attributes,
 * then UTF-16.  NULL where it is not there, or not in letters of ASCII. */
static char *read_variable(struct hunt *hunt, const char *name)
{
	struct reader *reader = hunt->reader;
	const struct buf *text = &reader->text;

	if (read_file(reader, arena_printf(
		    &hunt->names, "sys/firmware/efi/efivars/%s-4a67b082-0a4c-"
		    "41cf-b6c7-440b29bb8c4f", name)) != KNOWN || text->len < 6)
		return NULL;
	char *word = arena_alloc(&hunt->names, text->len / 2);
	for (size_t at = 4, i = 0; at + 1 < text->len; at += 2, i++) {
		word[i] = buf_str(text)[at];
		if (buf_str(text)[at + 1] || word[i] & 0x80)
			return NULL;
		if (!word[i])
			break;
	}
	return word;
}

/* A unified kernel image: \EFI\Linux\arch-linux.efi, by itself or as the
 * entry that was chosen in systemd-boot. */
static bool by_stub(struct hunt *hunt)
{
	char *path = read_variable(hunt, "StubImageIdentifier");
	char *entry = read_variable(hunt, "LoaderEntrySelected");

	for (char *at = path; at && *at; at++)
		*at = *at == '\\' ? '/' : *at;
	if (path && is_program(path))
		return try_below(hunt, path + strspn(path, "/"));
	return entry && is_program(entry) && !strchr(entry, '/') &&
	       try_below(hunt, arena_printf(&hunt->names, "EFI/Linux/%s",
					    entry));
}

/* Where nothing has told which one runs: the only unified kernel image that
 * says it was made for this kernel.  The same file system may be mounted
 * twice; a fallback is made for the same kernel. */
static bool by_folder(struct hunt *hunt)
{
	static const char *const folders[] = { "boot/EFI/Linux",
		"efi/EFI/Linux", "boot/efi/EFI/Linux" };
	const char *only = NULL, *path = NULL;

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		struct root *root = hunt->reader->root;
		struct listing listing;
		enum known known = root_list(root, NULL, folders[i],
					     &hunt->names, &listing);
		if (known == DENIED)
			deny(hunt, folders[i]);
		for (unsigned k = 0; k < listing.count; k++) {
			const char *name = listing.names[k];
			if (!is_program(name) ||
			    (only && strcmp(only, name) == 0))
				continue;
			const char *here = arena_printf(
				&hunt->names, "%s/%s", folders[i], name);
			known = root_initramfs_is_for(root, here,
						      hunt->release);
			if (known == DENIED)
				deny(hunt, here);
			if (known != KNOWN)
				continue;
			if (only)
				return false;
			only = name;
			path = here;
		}
	}
	return path && try_image(hunt, path);
}

static void find_image(struct reader *reader, struct initramfs *initramfs)
{
	static bool (*const ways[])(struct hunt *hunt) = {
		by_stub, by_parameter, by_release, by_package, by_kernel,
		by_machine, by_folder,
	};
	const struct fact_text *release = &reader->system->host.release;
	struct hunt hunt = { .reader = reader, .initramfs = initramfs,
			     .release = release->value, .known = ABSENT };

	if (release->known != KNOWN || strchr(release->value, '/'))
		hunt.known = release->known == KNOWN ? UNREAD :
						       release->known;
	else
		for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
			if (ways[i](&hunt))
				break;
	initramfs->known = hunt.known;
	arena_free(&hunt.names);
}

/* --- what is in it --- */

#define FILES INITRAMFS_KEPT "/files/"

struct loads {
	struct early_load *items;
	unsigned count;
	size_t room;
};

/* Add the words of @text, up to one of @end, as modules. */
static void add_words(struct reader *reader, struct loads *loads,
		      const char *source, const char *text, const char *end,
		      enum load_time time)
{
	size_t len = strcspn(text, end);

	for (const char *at = text; at < text + len;) {
		size_t word = strcspn(at, " \t,\"'()");
		if (at + word > text + len)
			word = (size_t)(text + len - at);
		if (word) {
			loads->items = arena_grow(reader->arena, loads->items,
						  loads->count, &loads->room,
						  sizeof *loads->items);
			loads->items[loads->count++] = (struct early_load){
				source, arena_copy(reader->arena, at, word),
				time };
		}
		at += word + 1;
	}
}

/* Take "key=a,b" of a line of words; udev's daemon waits for these. */
static void add_value(struct reader *reader, struct loads *loads,
		      const char *source, const char *line, const char *key)
{
	for (const char *at = line; (at = strstr(at, key)); at++)
		if (at == line || strchr(" \t", at[-1]))
			add_words(reader, loads, source, at + strlen(key),
				  " \t", LOAD_FIRST);
}

static void from_command_line(struct reader *reader, struct loads *loads)
{
	static const char *const names[] = { "rd.driver.pre", "rdloaddriver",
					     "earlymodules" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = system_parameter(reader->system, names[i]);
		if (value)
			add_words(reader, loads, "/proc/cmdline", value, " \t",
				  LOAD_FIRST);
	}
}

/* dracut's force_drivers come there as rd.driver.pre=. */
static void from_dracut(struct reader *reader, struct loads *loads)
{
	static const char *const folders[] = { "etc/cmdline.d",
					       "usr/lib/cmdline.d" };
	enum known known = ABSENT;
	struct lines lines = {0};

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		read_lines_folder(reader, "", FILES, folders[i], &lines,
				  &known);
	for (unsigned i = 0; i < lines.count; i++)
		add_value(reader, loads, lines.items[i].source,
			  lines.items[i].text, "rd.driver.pre=");
}

/* MODULES="vfio_pci vfio nouveau", which are loaded before devices are looked
 * for. */
static void from_mkinitcpio(struct reader *reader, struct loads *loads)
{
	static const char key[] = "MODULES=";
	struct lines lines = {0};

	if (read_file(reader, FILES "config") == KNOWN)
		read_lines(reader, "config", &lines);
	for (unsigned i = 0; i < lines.count; i++)
		if (text_starts(lines.items[i].text, key))
			add_words(reader, loads, "config",
				  lines.items[i].text + strlen(key), "",
				  LOAD_FIRST);
}

/* systemd's service for it and udev begin together. */
static void from_modules_load(struct reader *reader, struct loads *loads)
{
	static const char *const folders[] = {
		"etc/modules-load.d", "run/modules-load.d",
		"usr/lib/modules-load.d", "lib/modules-load.d",
	};
	enum known known = ABSENT;
	struct lines lines = {0};

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		read_lines_folder(reader, "", FILES, folders[i], &lines,
				  &known);
	for (unsigned i = 0; i < lines.count; i++)
		add_words(reader, loads, lines.items[i].source,
			  lines.items[i].text, " \t", LOAD_BESIDE);
}

/* initramfs-tools reads it when udev has settled; parameters may follow. */
static void from_initramfs_tools(struct reader *reader, struct loads *loads)
{
	struct lines lines = {0};

	if (read_file(reader, FILES "conf/modules") == KNOWN)
		read_lines(reader, "conf/modules", &lines);
	for (unsigned i = 0; i < lines.count; i++)
		add_words(reader, loads, "conf/modules", lines.items[i].text,
			  " \t", LOAD_BEHIND);
}

static void take_loads(struct reader *reader, struct initramfs *initramfs)
{
	static void (*const ways[])(struct reader *reader,
				    struct loads *loads) = {
		from_command_line, from_dracut, from_mkinitcpio,
		from_modules_load, from_initramfs_tools,
	};
	struct loads loads = {0};

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
		ways[i](reader, &loads);
	initramfs->loads = loads.items;
	initramfs->load_count = loads.count;
}

static void take_modprobe(struct reader *reader, struct initramfs *initramfs)
{
	static const char *const folders[] = {
		"etc/modprobe.d", "run/modprobe.d", "usr/local/lib/modprobe.d",
		"usr/lib/modprobe.d", "lib/modprobe.d",
	};
	enum known known = ABSENT;
	struct lines lines = {0};

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		read_lines_folder(reader, "", FILES, folders[i], &lines,
				  &known);
	initramfs->modprobe = lines.items;
	initramfs->modprobe_count = lines.count;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void take_modules(struct reader *reader, struct initramfs *initramfs)
{
	const char **names = NULL, *at, *line;
	size_t room = 0, len;

	if (read_file(reader, INITRAMFS_KEPT "/modules") != KNOWN)
		return;
	at = buf_str(&reader->text);
	while (text_line(&at, buf_end(&reader->text), &line, &len)) {
		char *name = text_safe(reader->arena, line, len);
		for (char *dash = name; *dash; dash++)
			*dash = *dash == '-' ? '_' : *dash;
		names = arena_grow(reader->arena, names,
				   initramfs->module_count, &room,
				   sizeof *names);
		names[initramfs->module_count++] = name;
	}
	if (names)
		qsort(names, initramfs->module_count, sizeof *names, by_name);
	initramfs->modules = names;
}

static void take_image(struct reader *reader, struct initramfs *initramfs)
{
	struct fact_text flaw = read_text(reader, NULL, INITRAMFS_KEPT "/flaw");

	take_modprobe(reader, initramfs);
	take_loads(reader, initramfs);
	take_modules(reader, initramfs);
	if (flaw.known == KNOWN && *flaw.value) {
		initramfs->known = MALFORMED;
		initramfs->flaw = flaw.value;
	}
}

void read_initramfs(struct reader *reader)
{
	struct initramfs *initramfs = &reader->system->host.initramfs;
	struct fact_text kept = { UNREAD, "" };

	initramfs->image = initramfs->flaw = "";
	/* What a capture holds, or a folder of evidence, costs nothing. */
	if (root_kind(reader->root) != ORIGIN_LIVE)
		kept = read_text(reader, NULL, INITRAMFS_KEPT "/image");
	if (kept.known == KNOWN) {
		initramfs->known = KNOWN;
		initramfs->image =
			arena_printf(reader->arena, "/%s", kept.value);
	} else if (reader->areas & AREA_INITRAMFS ||
		   root_kind(reader->root) == ORIGIN_CAPTURE) {
		find_image(reader, initramfs);
	}
	if (initramfs->known == KNOWN)
		take_image(reader, initramfs);
}
