/**
 * Streaming readers for SSM's lists: items, their fields, pages, and the names of the fields that came. Memory does not grow with
 * the number of items.
 */
@NullMarked
package io.licenserelay.ssm.json;

import org.jspecify.annotations.NullMarked;
