/** Streaming readers for SSM's lists: items, fields, pages, and the received field names. Memory does not grow with the number of items. */
@NullMarked
package io.licenserelay.ssm.json;

import org.jspecify.annotations.NullMarked;
