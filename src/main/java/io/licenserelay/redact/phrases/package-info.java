/**
 * Secrets behind the words of the tables in {@code redact/}: device configuration, server configuration, commands, and
 * sentences. A new phrase is a line in a table and a line in {@code redact/secret-shapes.txt} of the tests.
 */
@NullMarked
package io.licenserelay.redact.phrases;

import org.jspecify.annotations.NullMarked;
