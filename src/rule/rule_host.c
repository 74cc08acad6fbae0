// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The host around vfio: KVM, lockdown, a container's walls, and what these
 * eyes cannot see.
 *
 * Sources: Documentation/admin-guide/sysctl/kernel.rst; kernel_lockdown(7).
 */
#include "base/i18n.h"
#include "rule/rules.h"
#include "rule/say.h"

enum verdict rule_kvm_unavailable(struct judge *judge)
{
	static const char *const lines[] = {
		"disabled by BIOS", "disabled (by BIOS)", "disabled by bios",
		"not enabled (by BIOS)", "no hardware support for", NULL,
	};
	const struct host *host = &judge->system->host;
	const char *line;

	if (host->kvm.known == KNOWN && host->kvm.value)
		return VERDICT_PASS;
	if (!known_is_settled(host->kvm.known))
		return judge_unknown(judge, "/dev/kvm", host->kvm.known);
	judge_evidence(judge, "/dev/kvm", _("(absent)"));
	if (host->cpu_flags.known == KNOWN && judge->clues->x86 == KNOWN &&
	    !(host->logged_facts & LOGGED_FLAGS))
		judge_evidence(judge, "/proc/cpuinfo", "%s",
			       host->cpu_flags.value & CPU_VMX ? "vmx" :
			       host->cpu_flags.value & CPU_SVM ? "svm" :
			       _("neither vmx nor svm"));
	if (clue_logged_any(judge->system, lines, &line) == KNOWN)
		say_line(judge, line);
	judge_remedy(judge, NULL,
		     _("In the firmware's setup, switch on \"VT-x\" (Intel) or "
		       "\"SVM Mode\" (AMD); then load kvm_intel or kvm_amd."));
	return VERDICT_FAIL;
}

enum verdict rule_lockdown(struct judge *judge)
{
	static const char *const said[] = {
		"Kernel is locked down from",
		"is restricted; see man kernel_lockdown", NULL,
	};
	const struct fact_num *lockdown = &judge->system->host.lockdown;
	const char *line = NULL;

	/* The file is of this moment; a lock is never taken off again. */
	if (!known_is_settled(lockdown->known) &&
	    clue_logged_any(judge->system, said, &line) != KNOWN)
		return judge_unknown(judge, "/sys/kernel/security/lockdown",
				     lockdown->known);
	if (!line && (lockdown->known == ABSENT || !lockdown->value))
		return VERDICT_PASS;
	if (line)
		say_line(judge, line);
	else
		judge_evidence(judge, "/sys/kernel/security/lockdown", "%s",
			       lockdown->value == 1 ? "[integrity]" :
						      "[confidentiality]");
	judge_remedy(judge, NULL,
		     _("Sign modules of your own (mokutil), or switch Secure "
		       "Boot off.  vfio itself is allowed."));
	return VERDICT_FAIL;
}

enum verdict rule_dmesg_restricted(struct judge *judge)
{
	const struct host *host = &judge->system->host;
	static const char *const commands[] = { "sudo vfiotop check", NULL };

	if (host->log.known == KNOWN)
		return VERDICT_PASS;
	if (host->log.known != DENIED)
		return judge_unknown_log(judge);
	judge_evidence(judge, host->log.source ? host->log.source : "/dev/kmsg",
		       "%s", known_why(DENIED));
	if (host->dmesg_restrict.known == KNOWN)
		say_num(judge, "/proc/sys/kernel/dmesg_restrict",
			&host->dmesg_restrict);
	judge_remedy(judge, commands, _("Look again as root:"));
	return VERDICT_FAIL;
}

enum verdict rule_container_view(struct judge *judge)
{
	const struct fact_text *mark = &judge->system->host.container;

	if (mark->known == ABSENT)
		return VERDICT_PASS;
	if (mark->known != KNOWN)
		return judge_unknown(judge, "/run/.containerenv", mark->known);
	judge_evidence(judge, mark->value, _("(present)"));
	judge_remedy(judge, NULL, _("Run vfiotop on the host itself."));
	return VERDICT_FAIL;
}

enum verdict rule_config_unknown(struct judge *judge)
{
	const struct host *host = &judge->system->host;
	const struct kconfig *kconfig = &host->kconfig;

	if (kconfig->known == KNOWN)
		return VERDICT_PASS;
	if (kconfig->known != ABSENT)
		return judge_unknown(judge, "/boot/config-*", kconfig->known);
	judge_evidence(judge,
		       arena_printf(judge->arena, "/boot/config-%s",
				    host->release.known == KNOWN ?
					    host->release.value : "*"),
		       _("(absent)"));
	judge_evidence(judge, "/proc/config.gz", _("(absent)"));
	return VERDICT_FAIL;
}

enum verdict rule_secure_boot(struct judge *judge)
{
	const struct fact_num *boot = &judge->system->host.secure_boot;
	const char *line;
	enum known said =
		clue_logged(judge->system, "Secure boot enabled", &line);

	if (boot->known == KNOWN && !boot->value)
		return VERDICT_PASS;
	if (boot->known != KNOWN && said != KNOWN)
		return boot->known == ABSENT || said == ABSENT ?
			       VERDICT_PASS :
			       judge_unknown(judge, "/sys/firmware/efi/efivars",
					     boot->known);
	if (boot->known == KNOWN)
		judge_evidence(judge, "/sys/firmware/efi/efivars/SecureBoot-*",
			       "1");
	say_line(judge, line);
	judge_remedy(judge, NULL,
		     _("Modules of your own must be signed (mokutil)."));
	return VERDICT_FAIL;
}

/* Whether this process could lock no more than the limit, and the limit is
 * less than the machine's memory. */
static bool is_limit_low(const struct host *host)
{
	enum { CAP_IPC_LOCK_BIT = 14 };

	return host->memlock_bytes.known == KNOWN &&
	       host->memlock_bytes.value >= 0 &&
	       host->memory_bytes.known == KNOWN &&
	       host->memlock_bytes.value < host->memory_bytes.value &&
	       host->capabilities.known == KNOWN &&
	       !(host->capabilities.value >> CAP_IPC_LOCK_BIT & 1);
}

enum verdict rule_memlock_low(struct judge *judge)
{
	const struct host *host = &judge->system->host;
	const char *line;
	enum known said = clue_logged(
		judge->system, "RLIMIT_MEMLOCK*exceeded", &line);
	bool low = is_limit_low(host);

	if (!low && said != KNOWN) {
		if (known_is_settled(host->memlock_bytes.known))
			return VERDICT_PASS;
		return said == ABSENT ?
			       VERDICT_PASS :
			       judge_unknown(judge, "/proc/self/limits",
					     host->memlock_bytes.known);
	}
	/* The limit is this user's; a guest that a service starts has its
	 * own.  Only what ran into it is worth a warning. */
	if (said != KNOWN)
		judge_severity(judge, SEVERITY_INFO);
	say_line(judge, line);
	if (low)
		judge_evidence(judge, "/proc/self/limits",
			       _("Max locked memory %lld KiB, of %lld MiB"),
			       (long long)(host->memlock_bytes.value >> 10),
			       (long long)(host->memory_bytes.value >> 20));
	judge_remedy(judge, NULL,
		     _("Raise the limit for whoever runs the guest: memlock in "
		       "/etc/security/limits.d, LimitMEMLOCK= of the service, "
		       "or let libvirt do it."));
	return VERDICT_FAIL;
}
