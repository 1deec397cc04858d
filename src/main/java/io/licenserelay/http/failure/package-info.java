/** The ways in which a request fails. {@code FailureClassifier} turns them into a failure that contains only proven facts. */
@NullMarked
package io.licenserelay.http.failure;

import org.jspecify.annotations.NullMarked;
