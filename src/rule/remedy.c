// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The remedy "add, or take away, a kernel parameter": which file, which line
 * before and after, which command, for the boot loader that the machine's
 * traces show.  It writes nothing.
 */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/intent.h"
#include "rule/engine.h"
#include "rule/say.h"

enum loader {
	LOADER_UNKNOWN, LOADER_OSTREE, LOADER_NIXOS, LOADER_PROXMOX_EFI,
	LOADER_GRUBBY, LOADER_GRUB, LOADER_KERNELSTUB, LOADER_KERNEL_CMDLINE,
	LOADER_BLS, LOADER_FIRMWARE,
};

/* What is to be changed, and where. */
struct change {
	struct judge *judge;
	const struct host *host;
	const char *parameter;	/* as it is written */
	bool remove;
	const char *stays;	/* what is left of one that is removed; NULL:
				 * nothing */
	const char *shown;	/* what is added or removed, in words */
};

static bool has_trace(const struct host *host, enum trace trace)
{
	return host->trace[trace].known == KNOWN && host->trace[trace].value;
}

static bool is_distribution(const struct host *host, const char *const *names)
{
	if (host->distribution.known != KNOWN)
		return false;
	for (; *names; names++)
		if (strcmp(host->distribution.value, *names) == 0)
			return true;
	return false;
}

static bool is_redhat(const struct host *host)
{
	static const char *const names[] = { "fedora", "rhel", "centos",
					     "almalinux", "rocky", "ol", NULL };

	return is_distribution(host, names);
}

/* GRUB names the kernel on the command line; others do not. */
static bool booted_by_grub(const struct system *system)
{
	return system_parameter(system, "BOOT_IMAGE") != NULL;
}

static enum loader loader_of(const struct system *system)
{
	const struct host *host = &system->host;
	static const char *const pop[] = { "pop", NULL };
	static const char *const nixos[] = { "nixos", NULL };
	bool grub = booted_by_grub(system);

	if (has_trace(host, TRACE_OSTREE))
		return LOADER_OSTREE;
	if (has_trace(host, TRACE_NIXOS) || is_distribution(host, nixos))
		return LOADER_NIXOS;
	if ((has_trace(host, TRACE_PROXMOX) ||
	     has_trace(host, TRACE_PROXMOX_BOOT_TOOL)) && !grub &&
	    has_trace(host, TRACE_KERNEL_CMDLINE))
		return LOADER_PROXMOX_EFI;
	if (has_trace(host, TRACE_GRUBBY) || is_redhat(host))
		return LOADER_GRUBBY;
	if (is_distribution(host, pop) && !grub)
		return LOADER_KERNELSTUB;
	/* Both files may lie about; the one that booted is meant. */
	if (has_trace(host, TRACE_DEFAULT_GRUB) &&
	    (grub || !has_trace(host, TRACE_KERNEL_CMDLINE)))
		return LOADER_GRUB;
	if (has_trace(host, TRACE_KERNEL_CMDLINE))
		return LOADER_KERNEL_CMDLINE;
	if (has_trace(host, TRACE_BLS) || has_trace(host, TRACE_BLS_EFI))
		return LOADER_BLS;
	if (grub)
		return LOADER_GRUB;
	/* initrd=\\… is a path of the firmware's, and no loader was seen. */
	const char *initrd = system_parameter(system, "initrd");
	return initrd && *initrd == '\\' ? LOADER_FIRMWARE : LOADER_UNKNOWN;
}

static const char *grub_command(const struct host *host)
{
	static const char *const debian[] = { "debian", "ubuntu", "linuxmint",
					      "proxmox", "pve", "kali", "zorin",
					      "elementary", "raspbian",
					      "devuan", NULL };
	const char *name = host->distribution.known == KNOWN ?
				   host->distribution.value : "";

	if (has_trace(host, TRACE_UPDATE_GRUB) || is_distribution(host, debian))
		return "update-grub";
	if (text_starts(name, "opensuse") || text_starts(name, "sle"))
		return "grub2-mkconfig -o /boot/grub2/grub.cfg";
	return "grub-mkconfig -o /boot/grub/grub.cfg";
}

/* Copy @line without the word @parameter, or with @stays in its place; NULL
 * when it is not in it. */
static char *line_without(struct arena *arena, const char *line,
			  const char *parameter, const char *stays)
{
	size_t len = strlen(parameter);
	const char *at = line;

	while ((at = strstr(at, parameter))) {
		bool begins = at == line || strchr(" \t\"'=", at[-1]);
		if (begins && strchr(" \t\"'", at[len]))
			break;
		at += len;
	}
	if (!at)
		return NULL;
	const char *rest = at + len;
	if (stays)
		return arena_printf(arena, "%.*s%s%s", (int)(at - line), line,
				    stays, rest);
	/* One blank goes with the word. */
	if (*rest == ' ')
		rest++;
	else if (at > line && at[-1] == ' ')
		at--;
	return arena_printf(arena, "%.*s%s", (int)(at - line), line, rest);
}

/* Copy @line with the word added, inside the closing quote if there is one. */
static char *line_with(struct arena *arena, const char *line,
		       const char *parameter)
{
	size_t len = strlen(line);

	while (len && strchr(" \t", line[len - 1]))
		len--;
	char quote = len && strchr("\"'", line[len - 1]) ? line[len - 1] : '\0';
	if (quote)
		len--;
	bool blank = len && !strchr("\"'= ", line[len - 1]);
	return arena_printf(arena, "%.*s%s%s%.1s", (int)len, line,
			    blank ? " " : "", parameter,
			    quote ? (quote == '"' ? "\"" : "'") : "");
}

static char *line_after(const struct change *change, const char *line)
{
	struct arena *arena = change->judge->arena;

	return change->remove ?
		       line_without(arena, line, change->parameter,
				    change->stays) :
		       line_with(arena, line, change->parameter);
}

/* Take a command apart; false where it has more words than are run, or one
 * that only a shell understands. */
static bool take_words(struct arena *arena, const char *command,
		       const char *words[static 4])
{
	unsigned count = 0;

	if (strpbrk(command, "$\"'`"))
		return false;
	while (*command) {
		size_t len = strcspn(command, " ");
		if (count == 3)
			return false;
		words[count++] = arena_copy(arena, command, len);
		command += len;
		command += strspn(command, " ");
	}
	return count > 0;
}

/* Let the remedy that was said last be done by vfiotop itself. */
static void offer(const struct change *change, const struct edit *edit)
{
	struct judge *judge = change->judge;
	struct edit *copy = arena_alloc(judge->arena, sizeof *copy);

	if (!judge->finding->remedy_count)
		return;
	*copy = *edit;
	copy->parameter = change->shown;
	copy->remove = change->remove;
	judge->remedies[judge->finding->remedy_count - 1].edit = copy;
}

/* Say the line to be, then the command that makes the loader see it. */
static void edit(const struct change *change, const char *file,
		 const struct fact_text *line, const char *pattern,
		 const char *command)
{
	struct arena *arena = change->judge->arena;
	const char *after = line->known == KNOWN && *line->value ?
				    line_after(change, line->value) : NULL;
	const char *commands[] = { command, "reboot", NULL };

	if (after) {
		const char *shown[] = {
			arena_printf(arena, "# %s", file),
			arena_printf(arena, "- %s", line->value),
			arena_printf(arena, "+ %s", after),
			command, "reboot", NULL,
		};
		judge_remedy(change->judge, shown,
			     _("In %s, change the line that begins with - to "
			       "the one that begins with +; then run the "
			       "command and restart the machine."), file);
		struct edit own = { .file = file, .before = line->value,
				    .after = after };
		if (take_words(arena, command, own.command))
			offer(change, &own);
	} else if (change->remove) {
		judge_remedy(change->judge, commands,
			     _("In %s, take %s out of %s; then run the command "
			       "and restart the machine."),
			     file, change->shown, pattern);
	} else {
		judge_remedy(change->judge, commands,
			     _("In %s, add %s to %s; then run the command and "
			       "restart the machine."),
			     file, change->shown, pattern);
	}
}

static void edit_grub(const struct change *change)
{
	edit(change, "/etc/default/grub", &change->host->grub_line,
	     _("the words between the quotes of GRUB_CMDLINE_LINUX_DEFAULT"),
	     grub_command(change->host));
}

static const char *refresh_command(const struct host *host)
{
	static const char *const arch[] = { "arch", "manjaro", "endeavouros",
					    "cachyos", NULL };

	if (has_trace(host, TRACE_PROXMOX_BOOT_TOOL) ||
	    has_trace(host, TRACE_PROXMOX))
		return "proxmox-boot-tool refresh";
	if (is_distribution(host, arch))
		return "mkinitcpio -P";
	return "kernel-install add \"$(uname -r)\" "
	       "/lib/modules/\"$(uname -r)\"/vmlinuz";
}

static void edit_kernel_cmdline(const struct change *change)
{
	edit(change, "/etc/kernel/cmdline", &change->host->kernel_line,
	     _("its only line"), refresh_command(change->host));
}

/* A tool does it all. */
static void run_tool(const struct change *change, const char *command)
{
	const char *commands[] = { command, "reboot", NULL };

	judge_remedy(change->judge, commands,
		     change->remove ?
			     _("Take %s off the kernel's command line, then "
			       "restart the machine.") :
			     _("Add %s to the kernel's command line, then "
			       "restart the machine."),
		     change->shown);
}

/* …and vfiotop can run it. */
static void offer_tool(const struct change *change, const char *program,
		       const char *verb, const char *add, const char *remove)
{
	struct arena *arena = change->judge->arena;
	const char *put = arena_printf(arena, "%s%s", add, change->parameter);
	const char *take = arena_printf(arena, "%s%s", remove,
					change->parameter);

	/* Taking one away to put another in its place is left to people: root's
	 * side runs these programs with one change only. */
	if (change->stays)
		return;
	offer(change, &(struct edit){
		.command = { program, verb, change->remove ? take : put },
		.undo = { program, verb, change->remove ? put : take },
	});
}

/* The same as a person types it: what stays goes with what is taken away. */
static const char *tool_command(const struct change *change,
				const char *program, const char *add,
				const char *remove)
{
	struct arena *arena = change->judge->arena;

	if (change->stays)
		return arena_printf(arena, "%s %s\"%s\" %s\"%s\"", program,
				    remove, change->parameter, add,
				    change->stays);
	return arena_printf(arena, "%s %s\"%s\"", program,
			    change->remove ? remove : add, change->parameter);
}

static void edit_nixos(const struct change *change)
{
	const char *commands[] = {
		arena_printf(change->judge->arena,
			     "boot.kernelParams = [ \"%s\" ];",
			     change->stays ? change->stays :
					     change->parameter),
		"nixos-rebuild boot", "reboot", NULL,
	};

	judge_remedy(change->judge,
		     change->remove && !change->stays ? commands + 1 :
							commands,
		     change->remove ?
			     _("Take %s out of boot.kernelParams in "
			       "/etc/nixos/configuration.nix, rebuild, and "
			       "restart the machine.") :
			     _("Add %s to boot.kernelParams in "
			       "/etc/nixos/configuration.nix, rebuild, and "
			       "restart the machine."),
		     change->shown);
}

static void edit_entry(const struct change *change)
{
	static const char *const commands[] = { "reboot", NULL };
	const char *folder = has_trace(change->host, TRACE_BLS_EFI) ?
				     "/efi/loader/entries" :
				     "/boot/loader/entries";

	judge_remedy(change->judge, commands,
		     change->remove ?
			     _("Take %s out of the line \"options\" of the "
			       "boot entry in %s, then restart the machine.") :
			     _("Add %s to the line \"options\" of the boot "
			       "entry in %s, then restart the machine."),
		     change->shown, folder);
}

static void suggest(const struct change *change)
{
	struct judge *judge = change->judge;
	bool remove = change->remove;

	switch (loader_of(judge->system)) {
	case LOADER_OSTREE:
		run_tool(change,
			 tool_command(change, "rpm-ostree kargs",
				      "--append-if-missing=", "--delete="));
		offer_tool(change, "rpm-ostree", "kargs",
			   "--append-if-missing=", "--delete=");
		break;
	case LOADER_GRUBBY:
		run_tool(change,
			 tool_command(change, "grubby --update-kernel=ALL",
				      "--args=", "--remove-args="));
		offer_tool(change, "grubby", "--update-kernel=ALL", "--args=",
			   "--remove-args=");
		break;
	case LOADER_KERNELSTUB:
		run_tool(change, tool_command(change, "kernelstub", "-a ",
					       "-d "));
		break;
	case LOADER_NIXOS:
		edit_nixos(change);
		break;
	case LOADER_PROXMOX_EFI:
	case LOADER_KERNEL_CMDLINE:
		edit_kernel_cmdline(change);
		break;
	case LOADER_GRUB:
		edit_grub(change);
		break;
	case LOADER_BLS:
		edit_entry(change);
		break;
	case LOADER_FIRMWARE:
		judge_remedy(judge, NULL,
			     remove ?
			     _("Take %s out of the arguments of the firmware's "
			       "boot entry (efibootmgr -u shows them), or with "
			       "rEFInd out of /boot/refind_linux.conf.  Then "
			       "restart the machine.") :
			     _("Add %s to the arguments of the firmware's boot "
			       "entry (efibootmgr -u shows them), or with "
			       "rEFInd to /boot/refind_linux.conf.  Then "
			       "restart the machine."),
			     change->shown);
		break;
	case LOADER_UNKNOWN:
		judge_remedy(judge, NULL,
			     remove ?
			     _("Take %s off the kernel's command line: with "
			       "GRUB in /etc/default/grub, with systemd-boot "
			       "the line \"options\" of the boot entry or in "
			       "/etc/kernel/cmdline.  Then restart the "
			       "machine.") :
			     _("Add %s to the kernel's command line: with GRUB "
			       "in /etc/default/grub, with systemd-boot in the "
			       "line \"options\" of the boot entry or in "
			       "/etc/kernel/cmdline.  Then restart the "
			       "machine."),
			     change->shown);
		break;
	}
}

void judge_parameter(struct judge *judge, const char *parameter, bool remove)
{
	suggest(&(struct change){ judge, &judge->system->host, parameter,
				  remove, NULL, parameter });
}

void judge_word(struct judge *judge, const char *name, const char *word)
{
	const char *rest;
	const char *written = say_written(judge, name, word, &rest);

	suggest(&(struct change){
		judge, &judge->system->host, written, true, rest, !rest ?
			written :
			/* TRANSLATORS: a kernel parameter, "iommu=pt,off", and
			 * what is left of it, "iommu=pt".  It stands in
			 * sentences such as "Take %s out of %s". */
			arena_printf(judge->arena, _("%s (all but %s)"),
				     written, rest) });
}
