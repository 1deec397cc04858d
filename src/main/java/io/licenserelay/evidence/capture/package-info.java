/**
 * Reads TCP connections from a packet capture: a pcap file, or the text output of tcpdump. Reading is limited in size and time. No finding
 * goes beyond what the format can prove.
 */
@NullMarked
package io.licenserelay.evidence.capture;

import org.jspecify.annotations.NullMarked;
