/** How the server answers: JSON, problems (RFC 9457), and the work that must not run on an event loop. */
@NullMarked
package io.licenserelay.web.answer;

import org.jspecify.annotations.NullMarked;
