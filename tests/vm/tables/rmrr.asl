/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * QEMU's DMAR, with a region that the NIC must keep one to one (RMRR).  The
 * kernel takes it in place of the firmware's, for its revision is later.  The
 * region is one that the firmware keeps to itself anyway.
 */
                           Signature : "DMAR"
                        Table Length : 00000000
                            Revision : 01
                            Checksum : 00
                              Oem ID : "BOCHS "
                        Oem Table ID : "BXPC    "
                        Oem Revision : 00000002
                     Asl Compiler ID : "TEST"
               Asl Compiler Revision : 00000001

                  Host Address Width : 26
                               Flags : 01
                            Reserved : 00 00 00 00 00 00 00 00 00 00

                       Subtable Type : 0000
                              Length : 0018
                               Flags : 01
                            Reserved : 00
                  PCI Segment Number : 0000
               Register Base Address : 00000000FED90000

                   Device Scope Type : 03
                        Entry Length : 08
                            Reserved : 0000
                      Enumeration ID : 00
                      PCI Bus Number : FF
                            PCI Path : 00,00

                       Subtable Type : 0001
                              Length : 0022
                            Reserved : 0000
                  PCI Segment Number : 0000
                        Base Address : 00000000000F0000
                 End Address (limit) : 00000000000FFFFF

                   Device Scope Type : 01
                        Entry Length : 0A
                            Reserved : 0000
                      Enumeration ID : 00
                      PCI Bus Number : 00
                            PCI Path : 03,02
                            PCI Path : 00,00
