/**
 * Checks a live configuration: the relay itself, Kafka, and every site, with the routes and rules of a failed run. The routes run in a
 * separate Camel context that contains only the evidence routes. It starts on a separate thread, in parallel to the first requests,
 * and takes about one second of processor time. Sites are checked in parallel. An unresponsive server delays only its own result.
 */
@NullMarked
package io.licenserelay.doctor;

import org.jspecify.annotations.NullMarked;
