/** Who may send which request to the server, and which headers every answer has. */
@NullMarked
package io.licenserelay.web.access;

import org.jspecify.annotations.NullMarked;
