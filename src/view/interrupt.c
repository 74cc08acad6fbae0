// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Questions about interrupts that several views ask.  Whether it is safe as it
 * is, is for the rules.
 *
 * Source: arch/x86/kernel/apic/msi.c, drivers/pci/msi/irqdomain.c and
 * drivers/iommu/irq_remapping.c, which name the chips.
 */
#include "view/interrupt.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "base/num.h"
#include "base/text.h"
#include "model/ability.h"
#include "model/topo.h"
#include "view/sign.h"

static bool is_msi(const struct interrupt *line)
{
	return strstr(line->chip, "MSI") != NULL;
}

/* Lines that the kernel's list names as the device's. */
static unsigned count_lines(const struct system *system, int device,
			    bool *msix)
{
	const struct host *host = &system->host;
	unsigned count = 0;

	*msix = false;
	for (unsigned i = 0; i < host->interrupt_count; i++) {
		if (host->interrupts[i].device != device ||
		    !is_msi(&host->interrupts[i]))
			continue;
		count++;
		*msix |= strstr(host->interrupts[i].chip, "MSIX") != NULL;
	}
	return count;
}

const struct interrupt *interrupt_of_pin(const struct system *system,
					 int device)
{
	const struct fact_num *irq = &system->devices[device].irq;
	const struct host *host = &system->host;

	if (irq->known != KNOWN || !irq->value)
		return NULL;
	for (unsigned i = 0; i < host->interrupt_count; i++) {
		uint64_t number;
		if (!is_msi(&host->interrupts[i]) &&
		    num_parse(host->interrupts[i].number, 10, &number) &&
		    number == (uint64_t)irq->value)
			return &host->interrupts[i];
	}
	return NULL;
}

bool interrupt_is_shared(const struct interrupt *line)
{
	return strchr(line->actions, ',') != NULL && !is_msi(line);
}

/* A device whose driver uses its pin: the line, and who else is on it. */
static const char *pin_text(const struct system *system, int device,
			    struct arena *arena)
{
	const struct config *config = system->devices[device].config;
	const struct interrupt *line = interrupt_of_pin(system, device);
	char pin = (char)('A' + (config->interrupt_pin - 1) % 4);

	if (!line)
		return arena_printf(arena, "INT%c", pin);
	return arena_printf(arena, interrupt_is_shared(line) ?
				_("INT%c, line %s, shared") :
				_("INT%c, line %s"), pin, line->number);
}

enum interrupt_kind interrupt_kind_of(const struct system *system, int device,
				      unsigned *lines)
{
	const struct config *config = system->devices[device].config;
	bool msix, caps = config->header == KNOWN && config->caps == KNOWN;

	*lines = count_lines(system, device, &msix);
	if (msix || (caps && config->has_msix && config->msix_enabled))
		return INTERRUPT_MSIX;
	if (*lines || (caps && config->has_msi && config->msi_enabled))
		return INTERRUPT_MSI;
	if (config->header != KNOWN)
		return INTERRUPT_UNKNOWN;
	/* A VF has no line, whatever its register says. */
	return config->interrupt_pin &&
	       system->devices[device].physfn == NONE ? INTERRUPT_PIN :
							 INTERRUPT_NONE;
}

const char *interrupt_word(enum interrupt_kind kind)
{
	static const char *const words[] = {
		[INTERRUPT_UNKNOWN] = NULL, [INTERRUPT_NONE] = "none",
		[INTERRUPT_PIN] = "intx", [INTERRUPT_MSI] = "msi",
		[INTERRUPT_MSIX] = "msi-x",
	};

	return words[kind];
}

/* "MSI-X 5/65" where both are known, "MSI-X ≤65" or "MSI-X 5" where one
 * is. */
static const char *msix_text(const struct config *config, unsigned lines,
			     struct arena *arena)
{
	bool most = config->header == KNOWN && config->caps == KNOWN &&
		    config->has_msix;

	if (!most)
		return arena_printf(arena, "MSI-X %u", lines);
	return lines ? arena_printf(arena, "MSI-X %u/%u", lines,
				    config->msix_vectors) :
		       arena_printf(arena, "MSI-X ≤%u", config->msix_vectors);
}

struct text interrupt_mode(const struct system *system, int device,
			   struct arena *arena)
{
	const struct config *config = system->devices[device].config;
	unsigned lines;

	switch (interrupt_kind_of(system, device, &lines)) {
	case INTERRUPT_MSIX:
		return (struct text){ msix_text(config, lines, arena),
				      ROLE_TEXT };
	case INTERRUPT_MSI:
		return (struct text){ lines > 1 ?
			arena_printf(arena, "MSI %u", lines) : "MSI",
			ROLE_TEXT };
	case INTERRUPT_PIN:
		return (struct text){ pin_text(system, device, arena),
				      ROLE_TEXT };
	case INTERRUPT_NONE:
		return (struct text){ SIGN_NONE, ROLE_DIM };
	default:
		return (struct text){ SIGN_UNKNOWN, ROLE_UNKNOWN };
	}
}

struct text interrupt_line_remapped(const struct interrupt *line)
{
	if (text_starts(line->chip, "IR-"))
		return (struct text){ N_("yes"), ROLE_GOOD };
	if (text_starts(line->chip, "PCI-MSI") ||
	    text_starts(line->chip, "IO-APIC"))
		return (struct text){ N_("no"), ROLE_BAD };
	return (struct text){ SIGN_NONE, ROLE_DIM };
}

/* Before 6.2 the chips of MSI tell no device; but where one is remapped, all
 * are (drivers/iommu/irq_remapping.c). */
static struct text as_all(const struct system *system, int device)
{
	const struct config *config = system->devices[device].config;
	enum remapping all = topo_remapping(system);
	bool msi = config->header == KNOWN && config->caps == KNOWN &&
		   (config->msi_enabled || config->msix_enabled);

	if (!msi || all == REMAP_UNKNOWN)
		return (struct text){ SIGN_NONE, ROLE_DIM };
	return all == REMAP_ON ? (struct text){ N_("yes"), ROLE_GOOD } :
				 (struct text){ N_("no"), ROLE_BAD };
}

struct text interrupt_remapped(const struct system *system, int device)
{
	const struct host *host = &system->host;
	struct text state = { SIGN_NONE, ROLE_DIM };

	if (!known_is_settled(host->interrupts_known))
		return (struct text){ SIGN_UNKNOWN, ROLE_UNKNOWN };
	for (unsigned i = 0; i < host->interrupt_count; i++)
		if (host->interrupts[i].device == device)
			state = interrupt_line_remapped(&host->interrupts[i]);
	return state.role == ROLE_DIM ? as_all(system, device) : state;
}

/* Every unit must be able to: drivers/iommu/intel/irq_remapping.c. */
static enum known units_post(const struct system *system)
{
	enum known worst = system->units_known == KNOWN &&
			   system->unit_count ? KNOWN : UNREAD;

	for (unsigned i = 0; i < system->unit_count; i++) {
		enum known has = ability_has(&system->units[i],
					     ABILITY_POSTED_INTERRUPTS);
		if (has == ABSENT)
			return ABSENT;
		if (has != KNOWN)
			worst = has;
	}
	return worst;
}

enum known interrupt_posted(const struct system *system, enum known *able)
{
	const struct host *host = &system->host;
	const struct fact_num *on = host->avic.known == KNOWN ? &host->avic :
								&host->apicv;

	*able = units_post(system);
	if (*able != KNOWN)
		return *able;
	if (on->known != KNOWN)
		return on->known == ABSENT ? UNREAD : on->known;
	return on->value ? KNOWN : ABSENT;
}

static void add_posted(const struct system *system, struct buf *text)
{
	enum known able, posted = interrupt_posted(system, &able);

	if (posted == KNOWN)
		buf_puts(text, _("  They reach running guests without the host "
				 "(posted)."));
	else if (able == ABSENT)
		buf_puts(text, _("  The IOMMU cannot post them to guests."));
	else if (posted == ABSENT)
		buf_puts(text, _("  The IOMMU could post them to guests, but "
				 "KVM does not ask for it."));
}

static unsigned count_shared(const struct host *host)
{
	unsigned count = 0;

	for (unsigned i = 0; i < host->interrupt_count; i++)
		count += interrupt_is_shared(&host->interrupts[i]);
	return count;
}

struct text interrupt_summary(const struct scene *scene, struct arena *arena)
{
	const struct system *system = scene->system;
	unsigned shared = count_shared(&system->host);
	struct buf text = {0};
	enum role role = ROLE_UNKNOWN;

	switch (topo_remapping(system)) {
	case REMAP_ON:
		role = ROLE_GOOD;
		buf_puts(&text, SIGN_GOOD " ");
		buf_puts(&text, _("Interrupts are remapped."));
		break;
	case REMAP_OFF:
		role = ROLE_BAD;
		buf_puts(&text, SIGN_BAD " ");
		buf_puts(&text, _("Interrupts are not remapped."));
		break;
	default:
		buf_puts(&text, SIGN_UNKNOWN " ");
		buf_puts(&text, _("Whether interrupts are remapped is not "
				  "known."));
	}
	if (shared)
		buf_printf(&text, P_("  %u line is shared.",
				     "  %u lines are shared.", shared),
			   shared);
	add_posted(system, &text);
	struct text summary = { arena_text(arena, buf_str(&text)), role };
	buf_free(&text);
	return summary;
}
