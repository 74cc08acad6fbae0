// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An initramfs in a folder that looks like a machine's: plain, packed, behind
 * microcode, damaged, hostile; what is kept of it, and what a capture has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "lib/plant.h"
#include "source/archive.h"
#include "source/manifest.h"
#include "source/read.h"

#define RELEASE "6.12.9-amd64"
#define IMAGE "boot/initrd.img-" RELEASE
#define MODULES "usr/lib/modules/" RELEASE "/kernel/drivers/"

static struct arena arena;
static struct buf image;	/* as it will lie on the disk */

static int start(void **state)
{
	if (plant_start(state))
		return -1;
	plant_text("proc/sys/kernel/osrelease", RELEASE "\n");
	plant_text("proc/cmdline", "BOOT_IMAGE=/boot/vmlinuz quiet\n");
	return 0;
}

static int stop(void **state)
{
	arena_free(&arena);
	buf_free(&image);
	image = (struct buf){0};
	return plant_stop(state);
}

/* --- making one --- */

static void pad(struct buf *out)
{
	while (out->len % 4)
		buf_putc(out, '\0');
}

/* An entry that says it has @size bytes, and has those of @text. */
static void add_entry(struct buf *out, const char *name, unsigned mode,
		      const char *text, unsigned size)
{
	buf_printf(out, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x"
		   "%08x%08x", 1, mode, 0, 0, 1, 0, size, 0, 0, 0, 0,
		   (unsigned)strlen(name) + 1, 0);
	buf_add(out, name, strlen(name) + 1);
	pad(out);
	buf_puts(out, text);
	pad(out);
}

static void add_file(struct buf *out, const char *name, const char *text)
{
	add_entry(out, name, S_IFREG | 0644, text, (unsigned)strlen(text));
}

static void add_end(struct buf *out)
{
	add_entry(out, "TRAILER!!!", 0, "", 0);
}

/* As initramfs-tools, dracut and mkinitcpio would have it, all in one. */
static void add_usual(struct buf *out)
{
	add_entry(out, ".", S_IFDIR | 0755, "", 0);
	add_entry(out, "lib", S_IFLNK | 0777, "usr/lib", 7);
	add_file(out, "./etc/modprobe.d/vfio.conf",
		 "# mine\noptions vfio-pci ids=10de:2684\n");
	add_file(out, "usr/lib/modprobe.d/a.conf", "blacklist nouveau\n");
	add_file(out, "etc/modprobe.d/a.conf.save", "blacklist igb\n");
	add_file(out, "conf/modules", "vfio_pci ids=1:2\n#no\nloop\n");
	add_file(out, "config", "EARLYHOOKS=\"udev\"\nMODULES=\"vfio vfio_pci\"\n");
	add_file(out, "etc/cmdline.d/20-force_drivers.conf",
		 "rd.driver.pre=vfio-pci quiet rd.driver.pre=vfio\n");
	add_file(out, "etc/modules-load.d/x.conf", "dm-mod\n");
	add_file(out, "etc/shadow", "root:secret\n");
	add_file(out, MODULES "vfio/pci/vfio-pci.ko.zst", "\177ELF");
	add_file(out, MODULES "net/e1000e.ko", "\177ELF");
	add_entry(out, MODULES "net/dir.ko", S_IFDIR | 0755, "", 0);
	add_end(out);
}

/* Add @bytes to the image, packed with what libarchive calls @filter. */
static void pack(const struct buf *bytes, const char *filter)
{
	struct archive *archive = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	size_t room = bytes->len + 65536, used = 0;
	char *at = buf_room(&image, room);

	assert_int_equal(archive_write_add_filter_by_name(archive, filter),
			 ARCHIVE_OK);
	archive_write_set_format_raw(archive);
	archive_write_set_bytes_in_last_block(archive, 1);
	assert_int_equal(archive_write_open_memory(archive, at, room, &used),
			 ARCHIVE_OK);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_write_header(archive, entry);
	archive_write_data(archive, bytes->data, bytes->len);
	archive_write_close(archive);
	archive_write_free(archive);
	archive_entry_free(entry);
	image.len += used;
}

static void plant_image(const char *name)
{
	char path[512];

	plant_text(name, "");
	snprintf(path, sizeof path, "%s/%s", plant_root, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(image.data, 1, image.len, file), image.len);
	fclose(file);
}

/* --- reading it --- */

static const struct system *read_root(struct root *root, unsigned areas)
{
	const struct system *system = source_read(root, &arena, areas, NULL);

	root_close(root);
	return system;
}

static const struct initramfs *look(void)
{
	plant_image(IMAGE);
	return &read_root(root_open(plant_root, NULL),
			  AREA_HOST | AREA_INITRAMFS)->host.initramfs;
}

static void assert_usual(const struct initramfs *found)
{
	static const struct { const char *module; enum load_time time; }
		loads[] = {
		{ "vfio-pci", LOAD_FIRST }, { "vfio", LOAD_FIRST },
		{ "vfio", LOAD_FIRST }, { "vfio_pci", LOAD_FIRST },
		{ "dm-mod", LOAD_BESIDE }, { "vfio_pci", LOAD_BEHIND },
		{ "loop", LOAD_BEHIND },
	};

	assert_string_equal(found->flaw, "");
	assert_int_equal(found->known, KNOWN);
	assert_string_equal(found->image, "/" IMAGE);
	assert_int_equal(found->modprobe_count, 2);
	assert_string_equal(found->modprobe[0].source,
			    "etc/modprobe.d/vfio.conf");
	assert_string_equal(found->modprobe[0].text,
			    "options vfio-pci ids=10de:2684");
	assert_string_equal(found->modprobe[1].text, "blacklist nouveau");
	assert_int_equal(found->module_count, 2);
	assert_string_equal(found->modules[0], "e1000e");
	assert_string_equal(found->modules[1], "vfio_pci");
	assert_int_equal(found->load_count, sizeof loads / sizeof *loads);
	for (unsigned i = 0; i < found->load_count; i++) {
		assert_string_equal(found->loads[i].module, loads[i].module);
		assert_int_equal(found->loads[i].time, loads[i].time);
	}
}

static void a_plain_image_is_read(void **state)
{
	(void)state;
	add_usual(&image);
	assert_usual(look());
}

/* Microcode, zeros, the rest packed, zeros. */
static void every_packing_is_read(void **state)
{
	static const char *const filters[] = { "gzip", "bzip2", "lzma", "xz",
					       "lz4", "zstd" };
	struct buf usual = {0};

	(void)state;
	add_usual(&usual);
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		buf_reset(&image);
		add_file(&image, "kernel/x86/microcode/AuthenticAMD.bin",
			 "code");
		add_end(&image);
		while (image.len % 512)
			buf_putc(&image, '\0');
		pack(&usual, filters[i]);
		/* zstd's end is told from its frames alone. */
		for (unsigned zero = 0; i != 5 && zero < 64; zero++)
			buf_putc(&image, '\0');
		print_message("%s\n", filters[i]);
		assert_usual(look());
	}
	buf_free(&usual);
}

/* The kernel goes on behind a packed part, too; the last of two files of a
 * name counts. */
static void parts_follow_each_other(void **state)
{
	struct buf part = {0};

	(void)state;
	add_file(&part, "etc/modprobe.d/vfio.conf", "blacklist first\n");
	add_end(&part);
	pack(&part, "gzip");
	buf_reset(&part);
	add_usual(&part);
	pack(&part, "xz");
	buf_free(&part);
	assert_usual(look());
}

static void it_is_unpacked_only_where_asked(void **state)
{
	(void)state;
	add_usual(&image);
	plant_image(IMAGE);
	struct root *root = root_open(plant_root, NULL);
	assert_int_equal(read_root(root, AREA_ALL)->host.initramfs.known,
			 UNREAD);
}

/* --- which one --- */

static void the_image_is_found(void **state)
{
	static const char *const rows[][2] = {
		{ "boot/initramfs-" RELEASE ".img", "quiet" },
		{ "boot/initrd-" RELEASE, "quiet" },
		{ "lib/modules/" RELEASE "/initrd", "quiet" },
		{ "boot/initramfs-linux-zen.img", "quiet" },
		{ "boot/EFI/arch/main.img",
		  "initrd=\\amd-ucode.img initrd=\\EFI\\arch\\main.img" },
		{ "boot/ostree/os-4f/initramfs-" RELEASE ".img",
		  "BOOT_IMAGE=(hd0,gpt3)/ostree/os-4f/vmlinuz-" RELEASE },
		{ "efi/0123abcd/" RELEASE "/initrd", "quiet" },
	};
	char path[512];

	(void)state;
	plant_text("lib/modules/" RELEASE "/pkgbase", "linux-zen\n");
	plant_text("etc/machine-id", "0123abcd\n");
	plant_text("boot/initramfs-linux.img", "another kernel's");
	add_usual(&image);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		plant_image(rows[i][0]);
		plant_text("proc/cmdline", rows[i][1]);
		const struct system *system =
			read_root(root_open(plant_root, NULL),
				  AREA_HOST | AREA_INITRAMFS);
		assert_string_equal(system->host.initramfs.image + 1,
				    rows[i][0]);
		assert_int_equal(system->host.initramfs.known, KNOWN);
		snprintf(path, sizeof path, "%s/%s", plant_root, rows[i][0]);
		assert_int_equal(unlink(path), 0);
	}
}

/* --- unified kernel images --- */

#define UNIFIED "efi/EFI/Linux/arch-linux.efi"
#define VARIABLES "sys/firmware/efi/efivars/"
#define VENDOR "-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"

static void put_number(char *at, unsigned long value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		at[i] = (char)(value >> 8 * i & 0xff);
}

/* A program for the firmware that has @bytes in a section of that name, behind
 * one of another, and zeros behind; with @release it says which kernel it was
 * made for. */
static void unify(const struct buf *bytes, const char *section,
		  const char *release)
{
	enum { NAME = 960 };
	char head[1024] = "MZ";
	char *file = head + 0x84, *sections = file + 20 + 240;

	put_number(head + 0x3c, 0x80, 4);
	memcpy(head + 0x80, "PE", 2);
	put_number(file + 2, release ? 3 : 2, 2);
	put_number(file + 16, 240, 2);
	memcpy(sections, ".linux", 6);
	put_number(sections + 8, 16, 4);
	put_number(sections + 16, 512, 4);
	put_number(sections + 20, 512, 4);
	memcpy(sections + 40, section, strlen(section));
	put_number(sections + 48, bytes->len, 4);
	put_number(sections + 56, (bytes->len + 511) / 512 * 512, 4);
	put_number(sections + 60, sizeof head, 4);
	if (release) {
		memcpy(sections + 80, ".uname", 6);
		put_number(sections + 96, 64, 4);
		put_number(sections + 100, NAME, 4);
		memcpy(head + NAME, release, strlen(release));
	}
	buf_reset(&image);
	buf_add(&image, head, sizeof head);
	buf_add(&image, bytes->data, bytes->len);
	for (unsigned i = 0; i < 600; i++)
		buf_putc(&image, i < 40 ? '\0' : 'x');
}

/* As systemd leaves it: attributes, then UTF-16. */
static void plant_variable(const char *name, const char *text)
{
	char path[512];
	struct buf wide = {0};

	buf_add(&wide, "\6\0\0\0", 4);
	for (size_t i = 0; i <= strlen(text); i++)
		buf_add(&wide, (char[]){ text[i], '\0' }, 2);
	snprintf(path, sizeof path, VARIABLES "%s" VENDOR, name);
	plant_text(path, "");
	snprintf(path, sizeof path, "%s/" VARIABLES "%s" VENDOR, plant_root,
		 name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(wide.data, 1, wide.len, file), wide.len);
	fclose(file);
	buf_free(&wide);
}

static const struct initramfs *look_for_unified(void)
{
	return &read_root(root_open(plant_root, NULL),
			  AREA_HOST | AREA_INITRAMFS)->host.initramfs;
}

/* Fills `image'. */
static void make_unified(const char *release)
{
	struct buf usual = {0};

	add_usual(&usual);
	buf_reset(&image);
	pack(&usual, "zstd");
	buf_reset(&usual);
	buf_add(&usual, image.data, image.len);
	unify(&usual, ".initrd", release);
	buf_free(&usual);
}

static void plant_unified(const char *path, const char *release)
{
	make_unified(release);
	plant_image(path);
}

static void a_unified_image_is_looked_into(void **state)
{
	(void)state;
	plant_unified(UNIFIED, RELEASE "\n");
	const struct initramfs *found = look_for_unified();
	assert_string_equal(found->flaw, "");
	assert_string_equal(found->image, "/" UNIFIED);
	assert_int_equal(found->known, KNOWN);
	assert_int_equal(found->module_count, 2);
	/* The same file system, mounted twice. */
	plant_unified("boot/EFI/Linux/arch-linux.efi", RELEASE);
	assert_int_equal(look_for_unified()->known, KNOWN);
}

/* Not the only one in the folder, but the only one of this kernel. */
static void a_unified_image_that_does_not_say_it_runs_is_not_taken(void **state)
{
	static const char *const others[] = {
		"6.12.8-amd64", RELEASE "-rt", "6.12.9", "", NULL,
	};

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		plant_unified(UNIFIED, others[i]);
		assert_string_equal(look_for_unified()->image, "");
		assert_int_equal(look_for_unified()->known, UNREAD);
	}
	plant_text("efi/EFI/Linux/short.efi", "MZ, and no more");
	plant_unified("efi/EFI/Linux/this.efi", RELEASE);
	assert_string_equal(look_for_unified()->image,
			    "/efi/EFI/Linux/this.efi");
	/* The fallback of the same kernel: either may run. */
	plant_unified("efi/EFI/Linux/this-fallback.efi", RELEASE);
	assert_int_equal(look_for_unified()->known, UNREAD);
}

static void of_two_unified_images_the_one_that_runs_is(void **state)
{
	(void)state;
	plant_unified(UNIFIED, RELEASE);
	plant_unified("efi/EFI/Linux/other.efi", RELEASE);
	assert_int_equal(look_for_unified()->known, UNREAD);
	plant_variable("LoaderEntrySelected", "arch-linux.efi");
	assert_string_equal(look_for_unified()->image, "/" UNIFIED);
	plant_variable("LoaderEntrySelected", "../Linux/arch-linux.efi");
	assert_int_equal(look_for_unified()->known, UNREAD);
	plant_variable("LoaderEntrySelected", "other.efi");
	plant_variable("StubImageIdentifier",
		       "\\EFI\\Linux\\arch-linux.efi");
	assert_string_equal(look_for_unified()->image, "/" UNIFIED);
	plant_variable("StubImageIdentifier", "\xe4.efi");
	assert_string_equal(look_for_unified()->image,
			    "/efi/EFI/Linux/other.efi");
}

/* What the stub said is older than a kernel that kexec started. */
static void the_image_named_is_not_taken_for_another_kernel(void **state)
{
	(void)state;
	plant_variable("LoaderEntrySelected", "arch-linux.efi");
	plant_unified(UNIFIED, NULL);
	assert_int_equal(look_for_unified()->known, KNOWN);
	plant_unified(UNIFIED, "6.12.8-amd64");
	assert_int_equal(look_for_unified()->known, UNREAD);
	plant_unified("efi/EFI/Linux/other.efi", RELEASE);
	assert_string_equal(look_for_unified()->image,
			    "/efi/EFI/Linux/other.efi");
}

static void a_program_without_an_initramfs_is_a_flaw(void **state)
{
	struct buf none = {0};

	(void)state;
	buf_puts(&none, "console=ttyS0");
	unify(&none, ".cmdline", RELEASE);
	plant_image(UNIFIED);
	buf_free(&none);
	const struct initramfs *found = look_for_unified();
	assert_int_equal(found->known, MALFORMED);
	assert_non_null(strstr(found->flaw, "holds no initramfs"));
}

/* --- damage --- */

static void assert_flaw(const char *flaw)
{
	const struct initramfs *found = look();

	assert_int_equal(found->known, MALFORMED);
	if (!strstr(found->flaw, flaw))
		fail_msg("\"%s\" instead of \"%s\"", found->flaw, flaw);
	assert_string_equal(found->image, "/" IMAGE);
	buf_reset(&image);
}

static void damage_is_said(void **state)
{
	struct buf part = {0};

	(void)state;
	buf_puts(&image, "");
	buf_putc(&image, '\0');
	assert_flaw("it is empty");
	add_usual(&image);
	image.len -= 300;
	assert_flaw("ends early");
	buf_puts(&image, "070799");
	for (unsigned i = 0; i < 200; i++)
		buf_putc(&image, '0');
	assert_flaw("what should begin an entry does not");
	buf_puts(&image, "070701");
	for (unsigned i = 0; i < 200; i++)
		buf_putc(&image, 'z');
	assert_flaw("broken numbers");
	buf_puts(&image, "This is no archive of any kind, and is not packed.");
	assert_flaw("not known");
	add_usual(&part);
	pack(&part, "gzip");
	image.len -= 20;
	assert_flaw("ends early");
	buf_reset(&part);
	buf_puts(&part, "no archive, but packed as one: no archive, but packed");
	pack(&part, "zstd");
	assert_flaw("no archive of cpio");
	buf_free(&part);
}

static void a_stranger_gets_nowhere(void **state)
{
	struct buf part = {0};

	(void)state;
	add_file(&image, "etc/modprobe.d/../../../escaped.conf", "x\n");
	add_file(&image, "../etc/modprobe.d/up.conf", "x\n");
	add_file(&image, "etc/modprobe.d/\033[2J.conf", "x\n");
	add_file(&image, MODULES "\nforged.ko", "x");
	add_file(&image, "/etc/modprobe.d/ok.conf", "one\033[2J\n");
	add_end(&image);
	const struct initramfs *found = look();
	assert_int_equal(found->known, KNOWN);
	assert_int_equal(found->modprobe_count, 1);
	assert_string_equal(found->modprobe[0].text, "one^[[2J");
	assert_int_equal(found->module_count, 0);
	/* It claims more than there is, and more than is kept of a file. */
	buf_reset(&image);
	add_entry(&image, "etc/modprobe.d/a.conf", S_IFREG, "x", 4000000000u);
	assert_flaw("longer than any file");
	add_entry(&image, "bin/large", S_IFREG, "x", 4000000000u);
	assert_flaw("ends early");
	/* A little that unpacks to very much. */
	for (unsigned i = 0; i < 64; i++)
		buf_add(&part, (char[4096]){0}, 4096);
	for (unsigned i = 0; i < 2000; i++)
		add_file(&part, "etc/modprobe.d/many.conf", "x\n");
	pack(&part, "zstd");
	assert_flaw("longer than any file");
	buf_free(&part);
}

/* --- captures --- */

/* A capture of what @root is, read again. */
static struct root *captured(struct root *root, const char *name)
{
	struct err err;
	char path[512];

	snprintf(path, sizeof path, "%s/%s", plant_root, name);
	root_tee(root);
	const struct system *system = source_read(
		root, &arena, AREA_ALL | AREA_INITRAMFS, NULL);
	manifest_write(root_tree(root), system);
	assert_true(archive_write(root_tree(root), path, &err));
	root_close(root);
	return root_open(path, NULL);
}

static void a_capture_has_what_was_kept(void **state)
{
	struct listing listing;
	struct buf text = {0};

	(void)state;
	add_usual(&image);
	plant_image(IMAGE);
	struct root *root = captured(root_open(plant_root, NULL), "a.tar");
	assert_int_equal(root_list(root, NULL, "vfiotop/initramfs", &arena,
				   &listing), KNOWN);
	assert_int_equal(listing.count, 3);
	assert_int_equal(root_read(root, NULL, IMAGE, 10, &text), UNREAD);
	assert_int_not_equal(root_read(root, NULL, "vfiotop/initramfs/files/"
				       "etc/shadow", 10, &text), KNOWN);
	root = captured(root, "b.tar.gz");
	assert_usual(&read_root(root, AREA_ALL)->host.initramfs);
	buf_free(&text);
}

/* Whoever may not read the image says so, in a capture too. */
static void rights_are_said(void **state)
{
	char path[512];

	(void)state;
	add_usual(&image);
	plant_image(IMAGE);
	snprintf(path, sizeof path, "%s/%s", plant_root, IMAGE);
	assert_int_equal(chmod(path, 0), 0);
	bool denied = access(path, R_OK) != 0;
	struct root *root = captured(root_open(plant_root, NULL), "c.tar");
	const struct system *system = read_root(root, AREA_ALL);
	assert_int_equal(system->host.initramfs.known,
			 denied ? DENIED : KNOWN);
	assert_string_equal(system->host.initramfs.image, "/" IMAGE);
}

/* What one reading kept stands in for the next that does not look. */
static void what_was_kept_is_carried_on(void **state)
{
	(void)state;
	add_usual(&image);
	plant_image(IMAGE);
	struct root *before = captured(root_open(plant_root, NULL), "d.tar");
	struct root *root = root_open(plant_root, NULL);
	root_carry_initramfs(root, before);
	root_close(before);
	root = captured(root, "e.tar");
	assert_usual(&read_root(root, AREA_ALL)->host.initramfs);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_plain_image_is_read),
		TEST(every_packing_is_read),
		TEST(parts_follow_each_other),
		TEST(it_is_unpacked_only_where_asked),
		TEST(the_image_is_found),
		TEST(a_unified_image_is_looked_into),
		TEST(a_unified_image_that_does_not_say_it_runs_is_not_taken),
		TEST(the_image_named_is_not_taken_for_another_kernel),
		TEST(of_two_unified_images_the_one_that_runs_is),
		TEST(a_program_without_an_initramfs_is_a_flaw),
		TEST(damage_is_said),
		TEST(a_stranger_gets_nowhere),
		TEST(a_capture_has_what_was_kept),
		TEST(rights_are_said),
		TEST(what_was_kept_is_carried_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
