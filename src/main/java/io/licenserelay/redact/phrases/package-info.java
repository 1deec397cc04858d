/**
 * Secrets behind the words of tables: device configuration, server configuration, and sentences. A new phrase is a line in a table
 * and a line in {@code redact/secret-shapes.txt} of the tests.
 */
@NullMarked
package io.licenserelay.redact.phrases;

import org.jspecify.annotations.NullMarked;
