// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The topics as pages, and what the machine at hand adds to each.  It judges
 * nothing: where a rule knows better, the rules say so.
 */
#include "view/topic.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/ability.h"
#include "model/topo.h"
#include "rule/wanted.h"
#include "view/label.h"

#define HERE(name) \
	static const char *name(const struct scene *scene, struct arena *arena)

HERE(here_drivers)
{
	const struct system *system = scene->system;
	unsigned host = 0, vfio = 0, none = 0;

	for (unsigned i = 0; i < system->device_count; i++) {
		const struct fact_text *driver = &system->devices[i].driver;
		if (driver->known == KNOWN && topo_is_vfio_driver(
						      driver->value))
			vfio++;
		else if (driver->known == KNOWN)
			host++;
		else if (driver->known == ABSENT)
			none++;
	}
	if (!(host + vfio + none))
		return NULL;
	return arena_printf(arena, _("%u devices are on drivers of the host, "
				     "%u on vfio, %u on none."),
			    host, vfio, none);
}

HERE(here_wanted)
{
	const char *source;
	struct wanted wanted;
	unsigned at = 0;

	if (wanted_next(scene->system, &at, &wanted))
		return arena_printf(arena, _("%s asks for ids=%s."),
				    wanted.source, wanted.ids);
	return wanted_known(scene->system, &source) == KNOWN ?
		_("nothing names devices for vfio-pci by their ids.") : NULL;
}

HERE(here_nodes)
{
	const struct vfio *vfio = &scene->system->vfio;
	struct buf names = {0};
	const char *text = NULL;

	if (!known_is_settled(vfio->pci_driver.known) ||
	    !known_is_settled(vfio->nodes_known))
		return NULL;
	for (unsigned i = 0; i < vfio->node_count; i++)
		buf_printf(&names, "%s%s", i ? ", " : "", vfio->nodes[i]);
	bool there = vfio->pci_driver.known == KNOWN && vfio->pci_driver.value;
	if (names.len)
		text = arena_printf(arena, there ?
			_("the driver is registered; /dev/vfio holds %s.") :
			_("the driver is not registered; /dev/vfio holds %s."),
			buf_str(&names));
	else
		text = there ? _("the driver is registered; /dev/vfio holds "
				 "nothing.") :
			       _("the driver is not registered, and /dev/vfio "
				 "holds nothing.");
	buf_free(&names);
	return text;
}

HERE(here_chain)
{
	const struct system *system = scene->system;

	if (!known_is_settled(system->groups_known))
		return NULL;
	if (!system->group_count)
		return _("there are no groups, so vfio has nothing to work "
			 "with; the summary says why.");
	return arena_printf(arena, P_("%u group, made by the driver of %s.",
				      "%u groups, made by the driver of %s.",
				      system->group_count),
			    system->group_count, system->unit_count ?
				    system->units[0].name : SIGN_UNKNOWN);
}

HERE(here_hardware)
{
	const struct system *system = scene->system;

	if (system->units_known != KNOWN)
		return NULL;
	if (!system->unit_count)
		return _("no IOMMU is at work, of either kind.");
	const struct unit *unit = &system->units[0];
	switch (ability_applies(unit, ABILITY_CACHING_MODE) ?
			ability_has(unit, ABILITY_CACHING_MODE) : UNREAD) {
	case KNOWN:
		return arena_printf(arena, _("%s says that it is emulated: "
					     "this machine is a guest."),
				    unit->name);
	case ABSENT:
		return arena_printf(arena, _("%s says that it is hardware."),
				    unit->name);
	default:
		return NULL;
	}
}

HERE(here_kvm_vfio)
{
	const struct kconfig *config = &scene->system->host.kconfig;

	if (config->known != KNOWN)
		return NULL;
	return arena_printf(arena, _("CONFIG_VFIO is %c, CONFIG_VFIO_PCI is "
				     "%c, CONFIG_KVM_VFIO is %c (%s)."),
			    config->value[CFG_VFIO],
			    config->value[CFG_VFIO_PCI],
			    config->value[CFG_KVM_VFIO], config->source);
}

HERE(here_type1)
{
	const struct host *host = &scene->system->host;

	(void)arena;
	switch (system_has_module(scene->system, "vfio_iommu_type1")) {
	case KNOWN:
		return _("vfio_iommu_type1 is loaded.");
	case ABSENT:
		return host->kconfig.known == KNOWN &&
		       host->kconfig.value[CFG_VFIO_IOMMU_TYPE1] == 'y' ?
			_("vfio_iommu_type1 is built in.") :
			_("vfio_iommu_type1 is not loaded; it is, when a group "
			  "is used.");
	default:
		return NULL;
	}
}

HERE(here_groups)
{
	const struct system *system = scene->system;
	enum known iommufd = system->vfio.iommufd.known;

	if (!known_is_settled(system->groups_known) ||
	    !known_is_settled(iommufd))
		return NULL;
	return arena_printf(arena, iommufd == KNOWN ?
		P_("%u group; /dev/iommu is there.",
		   "%u groups; /dev/iommu is there.", system->group_count) :
		P_("%u group; there is no /dev/iommu, so containers are used.",
		   "%u groups; there is no /dev/iommu, so containers are "
		   "used.", system->group_count), system->group_count);
}

HERE(here_uio)
{
	const struct system *system = scene->system;

	for (unsigned i = 0; i < system->device_count; i++)
		if (system->devices[i].driver.known == KNOWN &&
		    topo_is_uio_driver(system->devices[i].driver.value))
			return arena_printf(
				arena, _("%s is on %s."),
				label_address(&system->devices[i], arena),
				system->devices[i].driver.value);
	return system->devices_known == KNOWN ?
		_("no device is on a driver of UIO.") : NULL;
}

HERE(here_use)
{
	const struct usage *usage = &scene->system->usage;

	for (unsigned i = 0; i < usage->storage_count; i++)
		if (usage->storage[i].device != NONE &&
		    strcmp(usage->storage[i].what, "/") == 0)
			return arena_printf(
				arena, _("the root file system is on %s."),
				label_device(scene, usage->storage[i].device,
					     arena));
	return NULL;
}

HERE(here_remapping)
{
	(void)arena;
	switch (topo_remapping(scene->system)) {
	case REMAP_ON:
		return _("interrupts are remapped.");
	case REMAP_OFF:
		return _("interrupts are not remapped.");
	default:
		return NULL;
	}
}

HERE(here_acs)
{
	const struct system *system = scene->system;
	unsigned shared = 0;

	if (!system->group_count)
		return NULL;
	for (unsigned i = 0; i < system->group_count; i++)
		shared += topo_shared(system, &system->groups[i]).cause !=
			  SHARED_NONE;
	if (!shared)
		return _("no group holds endpoints of several slots.");
	return arena_printf(arena, P_("%u group of %u holds endpoints of "
				      "several slots; explain group:N says "
				      "why.",
				      "%u groups of %u hold endpoints of "
				      "several slots; explain group:N says "
				      "why.", shared),
			    shared, system->group_count);
}

/* The first physical function that fits. */
static int find_physical(const struct system *system, bool on_vfio)
{
	for (unsigned i = 0; i < system->device_count; i++) {
		const struct device *device = &system->devices[i];
		bool vfio = device->driver.known == KNOWN &&
			    topo_is_vfio_driver(device->driver.value);
		if (device->sriov_total.known == KNOWN && (!on_vfio || vfio))
			return (int)i;
	}
	return NONE;
}

HERE(here_sriov)
{
	const struct system *system = scene->system;
	int at = find_physical(system, false);

	if (at != NONE)
		return arena_printf(
			arena, _("%s has %lld of %lld (vfiotop list vfs)."),
			label_device(scene, at, arena),
			(long long)system->devices[at].sriov_num.value,
			(long long)system->devices[at].sriov_total.value);
	return system->devices_known == KNOWN ?
		       _("no device can have any.") : NULL;
}

HERE(here_token)
{
	const struct system *system = scene->system;
	int at = find_physical(system, true);

	if (at != NONE)
		return arena_printf(arena,
				    _("%s is on vfio: its virtual functions "
				      "ask for one."),
				    label_device(scene, at, arena));
	return system->devices_known == KNOWN ?
		       _("no physical function is on vfio.") : NULL;
}

HERE(here_mdev)
{
	const struct system *system = scene->system;
	bool looked = false;

	if (system->mdevs.parent_count)
		return arena_printf(
			arena, _("%s makes them (vfiotop mdev list)."),
			system->mdevs.parents[0].device == NONE ?
				system->mdevs.parents[0].name :
				label_device(scene,
					     system->mdevs.parents[0].device,
					     arena));
	for (unsigned i = 0; i < system->device_count; i++) {
		const struct fact_num *mdev = &system->devices[i].mdev;
		if (mdev->known == KNOWN && mdev->value)
			return arena_printf(
				arena, _("%s can make mediated devices."),
				label_device(scene, (int)i, arena));
		looked |= mdev->known == ABSENT;
	}
	return looked ? _("no device offers any.") : NULL;
}

#define NOTHING_HERE NULL
#define TEXT(...) ((const char *const []){ __VA_ARGS__, NULL })

const struct topic topics[] = {
#define TOPIC(id, function, question, text) { id, question, text, function },
#include "view/topics.def"
#undef TOPIC
	{ 0 },
};

const struct topic *topic_find(const char *id)
{
	for (const struct topic *topic = topics; topic->id; topic++)
		if (strcmp(topic->id, id) == 0)
			return topic;
	return NULL;
}

const char *topic_here(const struct topic *topic, const struct scene *scene,
		       struct arena *arena)
{
	return topic->here ? topic->here(scene, arena) : NULL;
}

void topic_page(const struct scene *scene, const struct topic *topic,
		struct page *page)
{
	unsigned indent = page->indent;
	const char *here = topic_here(topic, scene, page->arena);
	bool was_item = true;

	page_title(page, _(topic->question));
	for (const char *const *text = topic->text; *text; text++) {
		bool item = text_starts(*text, "- ");
		/* Items stand close together, paragraphs apart. */
		if (!(item && was_item) || text == topic->text)
			page_gap(page);
		page_indent(page, indent, item ? indent + 2 : indent);
		page_add(page, ROLE_TEXT, _(*text));
		page_end(page);
		was_item = item;
	}
	page_indent(page, indent, indent);
	if (!here)
		return;
	page_gap(page);
	page_add(page, ROLE_CHANGED, _("Here: "));
	page_add(page, ROLE_TEXT, here);
	page_end(page);
}

void topic_list(struct page *page)
{
	unsigned indent = page->indent;

	for (const struct topic *topic = topics; topic->id; topic++) {
		page->ref = arena_printf(page->arena, "explain:%s", topic->id);
		page_indent(page, indent, indent + 26);
		page_solid(page, ROLE_KEY, topic->id);
		page_tab(page, indent + 26);
		page_add(page, ROLE_TEXT, _(topic->question));
		page_end(page);
		page->ref = NULL;
	}
	page_indent(page, indent, indent);
}
