/**
 * The relay as seen by a platform: health and metrics. {@link io.licenserelay.observe.RelayObserver} receives what happens at the place where it
 * happens; the subpackages answer what is asked: {@code health} which parts work, {@code metrics} the numbers, {@code server} the HTTP server
 * for both. Nothing here changes the state of the relay, and no failure here reaches a run.
 */
@NullMarked
package io.licenserelay.observe;

import org.jspecify.annotations.NullMarked;
