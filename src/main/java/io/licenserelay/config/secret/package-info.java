/** Secrets by reference: {@code env:NAME} or {@code file:PATH}, read when they are needed. */
@NullMarked
package io.licenserelay.config.secret;

import org.jspecify.annotations.NullMarked;
