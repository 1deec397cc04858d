/** The pages of the console: HTML from templates, live by server-sent events. */
@NullMarked
package io.licenserelay.web.console;

import org.jspecify.annotations.NullMarked;
