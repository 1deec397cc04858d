/** The logs of a simulated SSM: its file, and its syslog messages. */
@NullMarked
package io.licenserelay.simulator.syslog;

import org.jspecify.annotations.NullMarked;
