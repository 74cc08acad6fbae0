// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads the host around the devices: processor, kernel, command line,
 * configuration, log, interrupts, environment, and what a
 * boot loader leaves behind.  What a source cannot give is taken from the
 * log where the log has it.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "decode/cmdline.h"
#include "decode/interrupts.h"
#include "decode/kconfig.h"
#include "decode/kmsg.h"
#include "source/archive.h"
#include "source/read.h"

/* Return what stands behind "key<blanks>:" at the start of a line. */
static struct fact_text cpu_field(struct reader *reader, const char *key)
{
	const char *at = buf_str(&reader->text), *line;
	const char *end = buf_end(&reader->text);
	size_t len, width = strlen(key);

	while (text_line(&at, end, &line, &len)) {
		const char *colon = memchr(line, ':', len);
		if (len > width && memcmp(line, key, width) == 0 && colon &&
		    strspn(line + width, " \t") ==
			    (size_t)(colon - line) - width)
			return (struct fact_text){
				KNOWN,
				text_safe(reader->arena, colon + 1,
					  (size_t)(line + len - colon - 1)),
			};
	}
	return (struct fact_text){ UNREAD, "" };
}

static bool has_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = text; (at = strstr(at, word)); at += len)
		if ((at == text || at[-1] == ' ') &&
		    (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

static void read_cpu(struct reader *reader)
{
	static const struct { const char *word; int flag; } flags[] = {
		{ "vmx", CPU_VMX }, { "svm", CPU_SVM },
		{ "hypervisor", CPU_HYPERVISOR },
	};
	struct host *host = &reader->system->host;
	enum known known = read_file(reader, "proc/cpuinfo");

	host->cpu_vendor.known = host->cpu_flags.known = known;
	if (known != KNOWN)
		return;
	host->cpu_vendor = cpu_field(reader, "vendor_id");
	host->cpu_model = cpu_field(reader, "model name");
	struct fact_text words = cpu_field(reader, "flags");
	if (words.known != KNOWN)
		words = cpu_field(reader, "Features");
	host->cpu_flags = (struct fact_num){ words.known, 0 };
	for (size_t i = 0; words.known == KNOWN && i < 3; i++)
		if (has_word(words.value, flags[i].word))
			host->cpu_flags.value |= flags[i].flag;
	if (cpu_field(reader, "CPU implementer").known == KNOWN)
		host->architecture =
			(struct fact_text){ KNOWN, "aarch64" };
	else if (host->cpu_vendor.known == KNOWN)
		host->architecture = (struct fact_text){
			KNOWN, text_starts(host->cpu_vendor.value, "IBM") ?
				       "s390x" : "x86_64",
		};
}

/* "Linux version 6.12.9-amd64 (…": the third word. */
static struct fact_text release_of_version(struct reader *reader)
{
	struct fact_text version = read_text(reader, NULL, "proc/version");

	if (version.known != KNOWN ||
	    !text_starts(version.value, "Linux version "))
		return (struct fact_text){ UNREAD, "" };
	const char *start = version.value + strlen("Linux version ");
	return (struct fact_text){
		KNOWN, arena_copy(reader->arena, start, strcspn(start, " ")),
	};
}

static void read_kernel(struct reader *reader)
{
	struct host *host = &reader->system->host;

	host->release = read_text(reader, NULL, "proc/sys/kernel/osrelease");
	if (host->release.known != KNOWN)
		host->release = release_of_version(reader);
	host->boot = read_text(reader, NULL, "proc/sys/kernel/random/boot_id");
	host->hostname = read_text(reader, NULL, "proc/sys/kernel/hostname");
	host->dmesg_restrict =
		read_num(reader, NULL, "proc/sys/kernel/dmesg_restrict", 10);
	host->cmdline = read_text(reader, NULL, "proc/cmdline");
	if (host->cmdline.known == KNOWN)
		host->parameter_count =
			cmdline_parse(reader->arena, host->cmdline.value,
				      &host->parameters);
}

/* ID=debian, quotes allowed. */
static void read_distribution(struct reader *reader)
{
	struct host *host = &reader->system->host;
	enum known known = read_file(reader, "etc/os-release");
	const char *at, *line;
	size_t len;

	if (known == ABSENT)
		known = read_file(reader, "usr/lib/os-release");
	host->distribution = (struct fact_text){ known, "" };
	if (known != KNOWN)
		return;
	host->distribution.known = ABSENT;
	at = buf_str(&reader->text);
	while (text_line(&at, buf_end(&reader->text), &line,
			 &len)) {
		if (len < 4 || memcmp(line, "ID=", 3) != 0)
			continue;
		line += 3, len -= 3;
		if (len > 1 && (*line == '"' || *line == '\''))
			line++, len -= 2;
		host->distribution = (struct fact_text){
			KNOWN, text_safe(reader->arena, line, len),
		};
	}
}

/* A battery of its own: those of mice have the scope Device.
 * Documentation/ABI/testing/sysfs-class-power; power_supply_sysfs.c. */
static bool is_battery(struct reader *reader, const char *name)
{
	char path[96];

	snprintf(path, sizeof path, "sys/class/power_supply/%.40s/type", name);
	struct fact_text type = read_text(reader, NULL, path);
	if (type.known != KNOWN || strcmp(type.value, "Battery") != 0)
		return false;
	snprintf(path, sizeof path, "sys/class/power_supply/%.40s/scope", name);
	struct fact_text scope = read_text(reader, NULL, path);
	return scope.known != KNOWN || strcmp(scope.value, "Device") != 0;
}

static void read_chassis(struct reader *reader)
{
	struct host *host = &reader->system->host;
	struct arena names = {0};
	struct listing listing;

	host->chassis = read_num(reader, NULL, "sys/class/dmi/id/chassis_type",
				 10);
	enum known known = root_list(reader->root, NULL,
				     "sys/class/power_supply", &names,
				     &listing);
	host->battery = (struct fact_num){ known == KNOWN ? ABSENT : known, 0 };
	for (unsigned i = 0; known == KNOWN && i < listing.count; i++)
		if (is_battery(reader, listing.names[i]))
			host->battery = (struct fact_num){ KNOWN, 1 };
	arena_free(&names);
}

static void read_environment(struct reader *reader)
{
	static const char *const marks[] = {
		"run/systemd/container", ".dockerenv", "run/.containerenv",
		"run/host/container-manager",
		"run/secrets/kubernetes.io",
	};
	struct host *host = &reader->system->host;

	host->dmi_vendor = read_text(reader, NULL,
				     "sys/class/dmi/id/sys_vendor");
	host->dmi_product = read_text(reader, NULL,
				      "sys/class/dmi/id/product_name");
	host->xen_capabilities = read_text(reader, NULL,
					   "proc/xen/capabilities");
	host->hypervisor = read_text(reader, NULL, "sys/hypervisor/type");
	host->kvm = read_exists(reader, NULL, "dev/kvm");
	host->container = (struct fact_text){ ABSENT, "" };
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		struct fact_num mark = read_exists(reader, NULL, marks[i]);
		if (mark.known == KNOWN) {
			host->container =
				(struct fact_text){ KNOWN, marks[i] };
			break;
		}
		if (mark.known != ABSENT)
			host->container.known = mark.known;
	}
	struct fact_text lockdown =
		read_text(reader, NULL, "sys/kernel/security/lockdown");
	host->lockdown = (struct fact_num){ lockdown.known, 0 };
	if (lockdown.known == KNOWN)
		host->lockdown.value =
			strstr(lockdown.value, "[integrity]")	    ? 1 :
			strstr(lockdown.value, "[confidentiality]") ? 2 : 0;
}

/* --- kernel configuration --- */

static bool try_config(struct reader *reader, const char *path)
{
	struct kconfig *kconfig = &reader->system->host.kconfig;
	struct buf plain = {0};
	enum known known = read_file(reader, path);

	if (known == KNOWN && text_ends(path, ".gz")) {
		if (!archive_unpack(buf_str(&reader->text),
				    reader->text.len, &plain))
			known = MALFORMED;
		else
			kconfig_parse(buf_str(&plain), plain.len, kconfig);
	} else if (known == KNOWN) {
		kconfig_parse(buf_str(&reader->text), reader->text.len,
			      kconfig);
	}
	buf_free(&plain);
	if (known == KNOWN) {
		kconfig->source = arena_printf(reader->arena, "/%s", path);
		return kconfig->known == KNOWN;
	}
	if (!known_is_settled(known))
		kconfig->known = known;
	return false;
}

static void read_kconfig(struct reader *reader)
{
	static const char *const places[] = {
		"boot/config-%s", "lib/modules/%s/config",
		"usr/lib/modules/%s/config", "usr/lib/ostree-boot/config-%s",
		"usr/lib/kernel/config-%s", "lib/modules/%s/build/.config",
	};
	struct host *host = &reader->system->host;

	host->kconfig.known = ABSENT;
	host->kconfig.source = "";
	if (try_config(reader, "proc/config.gz"))
		return;
	if (host->release.known != KNOWN || strchr(host->release.value, '/')) {
		host->kconfig.known = UNREAD;
		return;
	}
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		const char *mark = strstr(places[i], "%s");
		struct buf path = {0};
		buf_add(&path, places[i], (size_t)(mark - places[i]));
		buf_puts(&path, host->release.value);
		buf_puts(&path, mark + 2);
		bool found = try_config(reader, buf_str(&path));
		buf_free(&path);
		if (found)
			return;
	}
}

/* --- the rest --- */

static void read_interrupts(struct reader *reader)
{
	struct host *host = &reader->system->host;

	host->interrupts_known = read_file(reader, "proc/interrupts");
	if (host->interrupts_known == KNOWN)
		host->interrupt_count = interrupts_parse(
			reader->arena, buf_str(&reader->text),
			reader->text.len, &host->interrupts);
}

static void read_kernel_log(struct reader *reader)
{
	struct host *host = &reader->system->host;
	const char *source = "";
	enum known known = root_log(reader->root, &reader->text, &source);

	host->log.known = known;
	host->log.source = arena_text(reader->arena, source);
	if (known != KNOWN)
		return;
	kmsg_parse(reader->arena, buf_str(&reader->text), reader->text.len,
		   &host->log);
	host->log.known = KNOWN;
	kmsg_facts(reader->arena, &host->log, host);
}

static void read_traces(struct reader *reader)
{
	static const char *const paths[TRACE_COUNT] = {
		[TRACE_OSTREE] = "run/ostree-booted",
		[TRACE_NIXOS] = "etc/NIXOS",
		[TRACE_PROXMOX] = "etc/pve",
		[TRACE_PROXMOX_BOOT_TOOL] = "usr/sbin/proxmox-boot-tool",
		[TRACE_DEFAULT_GRUB] = "etc/default/grub",
		[TRACE_GRUBBY] = "usr/sbin/grubby",
		[TRACE_BLS] = "boot/loader/entries",
		[TRACE_BLS_EFI] = "efi/loader/entries",
		[TRACE_KERNEL_CMDLINE] = "etc/kernel/cmdline",
		[TRACE_UPDATE_GRUB] = "usr/sbin/update-grub",
	};
	struct host *host = &reader->system->host;

	for (unsigned i = 0; i < TRACE_COUNT; i++)
		host->trace[i] = read_exists(reader, NULL, paths[i]);
}

/* The line that begins with @start, as it stands; "" matches the first. */
static struct fact_text line_of(struct reader *reader, const char *path,
				const char *start)
{
	enum known known = read_file(reader, path);
	const char *at = buf_str(&reader->text), *line;
	size_t len;

	while (known == KNOWN &&
	       text_line(&at, buf_end(&reader->text), &line,
			 &len))
		if (text_starts(line, start))
			return (struct fact_text){
				KNOWN, text_safe(reader->arena, line, len),
			};
	return (struct fact_text){ known == KNOWN ? ABSENT : known, "" };
}

static void read_loader(struct reader *reader)
{
	struct host *host = &reader->system->host;

	read_traces(reader);
	host->grub_line = line_of(reader, "etc/default/grub",
				  "GRUB_CMDLINE_LINUX_DEFAULT=");
	host->kernel_line = line_of(reader, "etc/kernel/cmdline", "");
}

void read_host(struct reader *reader)
{
	read_cpu(reader);
	read_kernel(reader);
	read_distribution(reader);
	read_chassis(reader);
	read_environment(reader);
	read_kconfig(reader);
	read_interrupts(reader);
	read_loader(reader);
	read_kernel_log(reader);
}
