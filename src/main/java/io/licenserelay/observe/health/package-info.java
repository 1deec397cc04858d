/**
 * Health: whether the process works, whether it is ready, and which sites fail. The checks are in Camel's health registry. Their reasons are for
 * callers with a login: what the management server answers has none.
 */
@NullMarked
package io.licenserelay.observe.health;

import org.jspecify.annotations.NullMarked;
