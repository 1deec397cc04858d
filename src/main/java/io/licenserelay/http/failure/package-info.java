/**
 * The ways in which a request fails, and {@code FailureClassifier}, which turns them into a failure that says only what is known for
 * sure.
 */
@NullMarked
package io.licenserelay.http.failure;

import org.jspecify.annotations.NullMarked;
