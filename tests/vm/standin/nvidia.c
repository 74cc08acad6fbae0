// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a driver of that name is to the kernel's module loader, and nothing of
 * what it does: it drives any PCI function that an override gives it, has a
 * node that keeps the module while it is open, and another module stands on
 * it.  NVIDIA's own needs a card that no emulator has.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/pci.h>

static int take(struct pci_dev *device, const struct pci_device_id *id)
{
	return pci_enable_device(device);
}

static void let_go(struct pci_dev *device)
{
	pci_disable_device(device);
}

static struct pci_driver driver = {
	.name = "nvidia",
	.probe = take,
	.remove = let_go,
};

static const struct file_operations operations = { .owner = THIS_MODULE };

static struct miscdevice node = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "nvidiactl",
	.fops = &operations,
};

/* What the module above stands on. */
void nvidia_stands(void);
void nvidia_stands(void)
{
}
EXPORT_SYMBOL_GPL(nvidia_stands);

static int __init begin(void)
{
	int error = misc_register(&node);

	if (error)
		return error;
	error = pci_register_driver(&driver);
	if (error)
		misc_deregister(&node);
	return error;
}

static void __exit end(void)
{
	pci_unregister_driver(&driver);
	misc_deregister(&node);
}

module_init(begin);
module_exit(end);
MODULE_DESCRIPTION("stands in for a driver that is unloaded to let go");
MODULE_LICENSE("GPL");
