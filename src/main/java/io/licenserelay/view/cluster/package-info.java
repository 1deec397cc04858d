/** Nodes and what they own, read-only. */
@NullMarked
package io.licenserelay.view.cluster;

import org.jspecify.annotations.NullMarked;
