/**
 * Secrets after the phrases of the tables in {@code redact/}: device configuration, server configuration, commands, and sentences. To add a
 * phrase, add a line to a table, and a line to {@code redact/secret-shapes.txt} of the tests.
 */
@NullMarked
package io.licenserelay.redact.phrases;

import org.jspecify.annotations.NullMarked;
