/**
 * The log lines of the relay: which run and place they belong to, their two formats, and their redaction. This package only knows the
 * configuration, the redaction and JSON. Loggers are those of SLF4J, everywhere.
 */
@NullMarked
package io.licenserelay.log;

import org.jspecify.annotations.NullMarked;
