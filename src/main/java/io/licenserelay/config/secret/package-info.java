/** Secrets by reference: {@code env:NAME} or {@code file:PATH}. They are read at each use. */
@NullMarked
package io.licenserelay.config.secret;

import org.jspecify.annotations.NullMarked;
