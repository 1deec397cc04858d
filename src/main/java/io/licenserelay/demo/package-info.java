/**
 * The commands {@code demo} (the whole pipeline in one process, with a scripted failure) and {@code simulate} (a simulated SSM).
 * The production image does not contain this package.
 */
@NullMarked
package io.licenserelay.demo;

import org.jspecify.annotations.NullMarked;
