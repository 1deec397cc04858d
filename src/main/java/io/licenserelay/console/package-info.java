/** How a running relay is spoken to: for now the local API, which commands beside it use. */
@NullMarked
package io.licenserelay.console;

import org.jspecify.annotations.NullMarked;
