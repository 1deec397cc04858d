@NullMarked
package io.licenserelay.app.trace;

import org.jspecify.annotations.NullMarked;
