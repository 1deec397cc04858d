/** The server of API and console, put together for a relay. */
@NullMarked
package io.licenserelay.app.web;

import org.jspecify.annotations.NullMarked;
