// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tree of devices for Graphviz: coloured by group, labelled.
 */
#include "plan/export_part.h"

#include "base/i18n.h"
#include "base/text.h"
#include "model/topo.h"

/* Add a text within quotation marks. */
static void add_quoted(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			buf_putc(out, '\\');
		buf_putc(out, *text);
	}
}

/* Neighbouring numbers are far apart in colour. */
static void add_colour(struct buf *out, unsigned group)
{
	unsigned hue = group * 382u % 1000u;

	buf_printf(out, "0.%03u 0.%u 1.0", hue, 25 + group % 3 * 10);
}

static bool is_named(const struct exporting *exporting, unsigned device)
{
	struct bdf address = exporting->system->devices[device].address;

	for (unsigned i = 0; i < exporting->wish->device_count; i++)
		if (!bdf_compare(exporting->wish->devices[i], address))
			return true;
	return false;
}

static void add_device(struct exporting *exporting, unsigned index)
{
	const struct device *device = &exporting->system->devices[index];
	struct buf *out = exporting->out;
	char address[BDF_TEXT];

	bdf_print(device->address, address);
	buf_printf(out, "  \"%s\" [label=\"", address);
	add_quoted(out, export_name(exporting, (int)index));
	if (device->driver.known == KNOWN) {
		buf_puts(out, "\\n");
		add_quoted(out, device->driver.value);
	}
	if (device->group.known == KNOWN) {
		buf_printf(out, "\\n");
		buf_printf(out, _("group %lld"),
			   (long long)device->group.value);
		buf_puts(out, "\", fillcolor=\"");
		add_colour(out, (unsigned)device->group.value);
	} else {
		buf_puts(out, "\", fillcolor=\"white");
	}
	buf_printf(out, "\"%s%s];\n",
		   topo_is_bridge(device) ? ", shape=cds" : "",
		   is_named(exporting, index) ? ", penwidth=3" : "");
}

static void add_edge(struct exporting *exporting, unsigned index)
{
	const struct system *system = exporting->system;
	const struct device *device = &system->devices[index];
	char above[BDF_TEXT], address[BDF_TEXT];

	bdf_print(device->address, address);
	if (device->parent != NONE)
		buf_printf(exporting->out, "  \"%s\" -> \"%s\";\n",
			   bdf_print(system->devices[device->parent].address,
				     above), address);
	else
		buf_printf(exporting->out, "  \"%04x:%02x\" -> \"%s\";\n",
			   device->address.domain, device->address.bus,
			   address);
}

/* Whether the device is the first on a bus that no bridge leads to; devices
 * are sorted by address. */
static bool is_first_of_bus(const struct system *system, unsigned index)
{
	struct bdf address = system->devices[index].address;

	if (system->devices[index].parent != NONE)
		return false;
	while (index--) {
		const struct device *device = &system->devices[index];
		if (device->address.domain != address.domain ||
		    device->address.bus != address.bus)
			return true;
		if (device->parent == NONE)
			return false;
	}
	return true;
}

static void add_bus(struct exporting *exporting, struct bdf address)
{
	buf_printf(exporting->out,
		   "  \"%04x:%02x\" [shape=plaintext, fillcolor=\"white\"];\n",
		   address.domain, address.bus);
}

void export_dot(struct exporting *exporting)
{
	const struct system *system = exporting->system;

	buf_puts(exporting->out,
		 "digraph pci {\n"
		 "  rankdir=LR;\n"
		 "  node [shape=box, style=\"filled\", fontname=\"sans\"];\n");
	for (unsigned i = 0; i < system->device_count; i++)
		if (is_first_of_bus(system, i))
			add_bus(exporting, system->devices[i].address);
	for (unsigned i = 0; i < system->device_count; i++)
		add_device(exporting, i);
	for (unsigned i = 0; i < system->device_count; i++)
		add_edge(exporting, i);
	buf_puts(exporting->out, "}\n");
}
