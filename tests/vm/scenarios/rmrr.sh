# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# The good Intel machine, but its firmware wants a region of the NIC mapped
# one to one: the kernel lets no guest have it.  The NIC stands for the GPU.

# shellcheck source-path=SCRIPTDIR source=intel-good.sh
. "$vm/scenarios/intel-good.sh"
table=rmrr
gpu=0000:03:00.0
nvme=''
together=(0000:03:00.0)
bind=no
findings=(group-direct-region)
kernels_of=(debian12 backports newest)
