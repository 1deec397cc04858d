/**
 * The evidence model: a failure, the probes of its target, their results, and the findings that diagnoses use. This package does not
 * collect evidence; see {@code evidence.collect}.
 */
@NullMarked
package io.licenserelay.evidence;

import org.jspecify.annotations.NullMarked;
