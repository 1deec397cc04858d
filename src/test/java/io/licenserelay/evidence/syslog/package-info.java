@NullMarked
package io.licenserelay.evidence.syslog;

import org.jspecify.annotations.NullMarked;
