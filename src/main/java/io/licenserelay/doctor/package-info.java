/**
 * Checks of a live configuration: the relay itself, Kafka, and every site, by the routes and rules of a failed run. The routes run in a
 * Camel context of their own, which has the evidence routes and no other. It starts on a thread of its own, beside the first requests,
 * and takes about one second of processor time. Sites are checked in parallel; an unresponsive server delays only its own result.
 */
@NullMarked
package io.licenserelay.doctor;

import org.jspecify.annotations.NullMarked;
