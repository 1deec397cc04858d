/**
 * What a packet capture tells of TCP connections: a pcap file, or the text that tcpdump printed. Captures are read within bounds,
 * and nothing is claimed that the form at hand cannot show.
 */
@NullMarked
package io.licenserelay.evidence.capture;

import org.jspecify.annotations.NullMarked;
