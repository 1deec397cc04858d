/**
 * The demo: the whole pipeline in one process with a story, and {@code simulate}, an SSM to try things on. Not part of the
 * production image.
 */
@NullMarked
package io.licenserelay.demo;

import org.jspecify.annotations.NullMarked;
